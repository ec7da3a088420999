// How a proposal is drawn, on the map and in the legend: an outline only, so that it hides no hazard, in a colour that
// no record has.

export const PROPOSAL_COLOUR = '#5B2A86';
export const PROPOSAL_DASH = [3, 5];
export const PROPOSAL_WIDTH_PX = 3;
