//! What was probably meant.

use strsim::damerau_levenshtein;

/// Whether `a` and `b` differ by so little that one was probably meant for the other: a third of the
/// letters, at least one.
fn distance(a: &str, b: &str) -> Option<usize> {
    let distance = damerau_levenshtein(&a.to_lowercase(), &b.to_lowercase());
    let allowed = (a.chars().count().max(b.chars().count()) / 3).max(1);
    (distance <= allowed).then_some(distance)
}

/// The candidate nearest to what was written, if one is near.
pub(crate) fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .filter_map(|candidate| distance(written, candidate).map(|d| (d, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// A sentence that names the nearest candidate.
pub(crate) fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(written, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// The nearest candidate, or else all of them.
pub(crate) fn did_you_mean_or_list<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
    none: &str,
) -> String {
    if let Some(sentence) = did_you_mean(written, candidates.clone()) {
        return sentence;
    }
    let all: Vec<_> = candidates
        .into_iter()
        .map(|candidate| format!("`{candidate}`"))
        .collect();
    match all.as_slice() {
        [] => none.to_owned(),
        [one] => format!("there is {one}"),
        many => format!("there are {}", many.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_named_and_the_far_is_not() {
        assert_eq!(nearest("vardif", ["vardiff", "limits"]), Some("vardiff"));
        assert_eq!(nearest("Port", ["port", "pod"]), Some("port"));
        assert_eq!(nearest("xyz", ["vardiff", "limits"]), None);
    }

    #[test]
    fn without_a_near_one_all_are_listed() {
        assert_eq!(
            did_you_mean_or_list("x", ["main"], "none"),
            "there is `main`"
        );
        assert_eq!(
            did_you_mean_or_list("x", ["main", "solo"], "none"),
            "there are `main`, `solo`"
        );
        assert_eq!(
            did_you_mean_or_list("x", [], "there is none"),
            "there is none"
        );
    }
}
