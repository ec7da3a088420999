//! Query parameters: each known by name, given once, and read strictly.

use percent_encoding::percent_decode_str;

use crate::problem::Problem;

/// The parameters of one request. [`Params::known`] refuses any that the resource does not know.
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    /// Reads a query string, knowing these names only.
    pub fn known(query: Option<&str>, names: &[&str]) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in query.unwrap_or("").split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            if !names.contains(&name.as_str()) {
                return Err(Problem::unknown_parameter(&name, &value, names));
            }
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(Problem::bad_parameter(&name, &value, "the parameter once"));
            }
            pairs.push((name, value));
        }
        Ok(Self { pairs })
    }

    /// One parameter out of a query of which the others do not matter; each may be given once.
    pub fn one(query: Option<&str>, name: &str) -> Result<Option<String>, Problem> {
        let named = |pair: &&str| pair.split_once('=').unwrap_or((pair, "")).0 == name;
        let own: Vec<_> = query.unwrap_or("").split('&').filter(named).collect();
        let params = Self::known(Some(&own.join("&")), &[name])?;
        Ok(params.text(name).map(str::to_owned))
    }

    /// `true` or `false`; `false` where the parameter is not given.
    pub fn truth(&self, name: &str) -> Result<bool, Problem> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Problem::bad_parameter(name, other, "true, false")),
        }
    }

    /// A whole number; `None` where the parameter is not given.
    pub fn whole(&self, name: &str) -> Result<Option<u64>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| Problem::bad_parameter(name, text, "a whole number, 0 or more"))
    }

    /// The text of a parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A finite number between two limits; `None` where the parameter is not given.
    pub fn number(&self, name: &str, least: f64, most: f64) -> Result<Option<f64>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let number = text.parse::<f64>().ok().filter(|number| (least..=most).contains(number));
        number
            .map(Some)
            .ok_or_else(|| Problem::bad_parameter(name, text, format!("a number from {least} to {most}")))
    }

    /// A number that must be given.
    pub fn needed_number(&self, name: &str, least: f64, most: f64) -> Result<f64, Problem> {
        let allowed = format!("a number from {least} to {most}");
        self.number(name, least, most)?.ok_or_else(|| Problem::missing_parameter(name, &allowed))
    }

    /// How many results to give: `default` where not said, and never more than `most`.
    pub fn limit(&self, default: usize, most: usize) -> Result<usize, Problem> {
        let Some(text) = self.text("limit") else { return Ok(default) };
        let limit = text.parse::<usize>().ok().filter(|limit| *limit >= 1);
        let limit = limit.ok_or_else(|| Problem::bad_parameter("limit", text, format!("1 to {most}")))?;
        Ok(limit.min(most))
    }

    /// A box of four or six numbers (OGC API Features Part 1, 7.15.3). West may exceed east: the box then
    /// crosses the 180th meridian.
    pub fn bbox(&self) -> Result<Option<[f64; 4]>, Problem> {
        let Some(text) = self.text("bbox") else { return Ok(None) };
        let allowed = "west,south,east,north in degrees, or the same with heights after each pair";
        let refused = || Problem::bad_parameter("bbox", text, allowed);
        let numbers: Vec<f64> =
            text.split(',').map(|n| n.trim().parse().map_err(|_| refused())).collect::<Result<_, _>>()?;
        let [west, south, east, north] = match numbers[..] {
            [west, south, east, north] | [west, south, _, east, north, _] => [west, south, east, north],
            _ => return Err(refused()),
        };
        let in_range = west.abs() <= 180.0 && east.abs() <= 180.0 && south >= -90.0 && north <= 90.0;
        if in_range && south <= north { Ok(Some([west, south, east, north])) } else { Err(refused()) }
    }
}

fn decoded(text: &str) -> Result<String, Problem> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    decoded.map(|text| text.into_owned()).map_err(|_| Problem::bad_parameter(text, "", "text in UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bbox(text: &str) -> Result<Option<[f64; 4]>, Problem> {
        Params::known(Some(&format!("bbox={text}")), &["bbox"]).and_then(|params| params.bbox())
    }

    #[test]
    fn an_unknown_or_repeated_parameter_is_refused() {
        assert!(Params::known(Some("lon=1&lot=2"), &["lon", "lat"]).is_err());
        assert!(Params::known(Some("lon=1&lon=2"), &["lon", "lat"]).is_err());
    }

    #[test]
    fn numbers_that_are_not_finite_or_out_of_range_are_refused() {
        for text in ["NaN", "inf", "1e999", "181", "", "1,5"] {
            let params = Params::known(Some(&format!("lon={text}")), &["lon"]);
            assert!(params.is_ok_and(|p| p.needed_number("lon", -180.0, 180.0).is_err()), "{text}");
        }
    }

    #[test]
    fn a_box_has_four_or_six_numbers_in_range() {
        assert!(bbox("22,44,41,53").is_ok_and(|b| b.is_some()));
        assert!(bbox("22,44,0,41,53,100").is_ok_and(|b| b == Some([22.0, 44.0, 41.0, 53.0])));
        assert!(bbox("170,-10,-170,10").is_ok_and(|b| b.is_some()));
        for text in ["1,2,3", "1,2,3,4,5", "a,b,c,d", "1,2,3,NaN", "0,60,1,50", "0,0,200,1"] {
            assert!(bbox(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_limit_above_the_most_is_the_most_and_zero_is_refused() {
        let limit = |text: &str| Params::known(Some(text), &["limit"]).and_then(|p| p.limit(10, 100));
        assert!(limit("limit=1000").is_ok_and(|l| l == 100));
        assert!(limit("").is_ok_and(|l| l == 10));
        assert!(limit("limit=0").is_err());
    }
}
