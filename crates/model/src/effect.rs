//! Why a change is not made at once: what it would take off the map.

use crate::Label;

/// One way in which a change would take hazard off the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It would no longer count as an open hazard.
    Closes,
    /// The new outline does not cover the present one.
    Shrinks,
    /// Confirmed would become suspected.
    LowersClass,
    /// The position would become more certain, so that the hazard reaches less far.
    PositionMoreCertain,
    /// It would lose its place on the map.
    LosesPlace,
    /// It would be withdrawn as wrong.
    Withdraws,
    /// Land would be released.
    Releases,
    /// More people would see the record: nobody takes that back.
    Discloses,
}

impl Effect {
    /// Every effect.
    pub const ALL: [Effect; 8] = [
        Self::Closes,
        Self::Shrinks,
        Self::LowersClass,
        Self::PositionMoreCertain,
        Self::LosesPlace,
        Self::Withdraws,
        Self::Releases,
        Self::Discloses,
    ];

    /// Its name, as `docs/API.md` has it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Closes => "closes",
            Self::Shrinks => "shrinks",
            Self::LowersClass => "lowers_class",
            Self::PositionMoreCertain => "position_more_certain",
            Self::LosesPlace => "loses_place",
            Self::Withdraws => "withdraws",
            Self::Releases => "releases",
            Self::Discloses => "discloses",
        }
    }

    /// The effect of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effect| effect.code() == code)
    }

    /// What it would do, for people.
    pub fn label(self) -> Label {
        let (en, uk) = match self {
            Self::Closes => {
                ("it would no longer count as an open hazard", "більше не вважалася б відкритою небезпекою")
            }
            Self::Shrinks => {
                ("the new outline does not cover the present one", "новий обрис не покриває теперішнього")
            }
            Self::LowersClass => ("confirmed would become suspected", "підтверджена стала б підозрюваною"),
            Self::PositionMoreCertain => (
                "the position would become more certain, so that the hazard reaches less far",
                "положення стало б точнішим, тож небезпека сягала б не так далеко",
            ),
            Self::LosesPlace => ("it would lose its place on the map", "втратила б місце на мапі"),
            Self::Withdraws => ("it would be withdrawn as wrong", "запис відкликали б як помилковий"),
            Self::Releases => ("land would be released", "землю було б вивільнено"),
            Self::Discloses => ("more people would see the record", "запис побачило б більше людей"),
        };
        Label { en, uk }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_is_found_by_its_name() {
        for effect in Effect::ALL {
            assert_eq!(Effect::from_code(effect.code()), Some(effect));
        }
    }
}
