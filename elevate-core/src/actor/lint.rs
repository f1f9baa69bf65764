//! What is wrong with the cards of actors: what every one of them has to say of itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{Actors, Card, KINDS};
use crate::facts::reads::READS;

/// The shortest text that says what an actor does, why that matters and what to do, in
/// bytes.
const SHORTEST: usize = 60;
/// Topics actors may need besides those of facts.
const OTHER_TOPICS: [&str; 3] = ["packages", "repositories", "data"];

impl Actors {
    /// What is wrong with what is said about them, a line each that begins with the actor:
    /// nothing where all is well.
    pub fn lint(&self) -> Vec<String> {
        let cards: Vec<Card<'_>> = self.all().map(|actor| actor.card()).collect();
        let names: BTreeSet<&str> = cards.iter().map(|card| card.name).collect();
        let mut wrong = Vec::new();
        let mut owners: BTreeMap<&str, &str> =
            KINDS.iter().map(|kind| (kind.id, kind.actor)).collect();
        for card in &cards {
            let mut say = |what: String| wrong.push(format!("{}: {what}", card.id()));
            look_at(card, &mut say);
            for after in card.after.iter().filter(|after| !names.contains(*after)) {
                say(format!("`after` names {after:?}, and there is no such actor"));
            }
            for id in &card.findings {
                let owner = *owners.entry(id).or_insert(card.name);
                if owner != card.name {
                    say(format!("the finding {id} is one of {owner}"));
                }
            }
        }
        wrong
    }
}

/// What one card says by itself.
fn look_at(card: &Card<'_>, say: &mut impl FnMut(String)) {
    let is_of = |text: &str, more: &[char]| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || more.contains(&c);
        !text.is_empty() && text.chars().all(fits)
    };
    if !is_of(card.name, &['_']) {
        say("`name` has lower-case letters, digits and underscores".to_owned());
    }
    if card.version == 0 {
        say("`version` begins with 1".to_owned());
    }
    if card.summary.is_empty() || card.summary.ends_with('.') || card.summary.contains('\n') {
        say("`summary` is one line without a period at its end".to_owned());
    }
    if !card.about.ends_with('.') || card.about.len() < SHORTEST {
        say("`about` says in sentences what it does, why that matters and what to do".to_owned());
    }
    let is_topic =
        |need: &&str| OTHER_TOPICS.contains(need) || READS.iter().any(|(topic, _)| topic == need);
    for need in card.needs.iter().filter(|need| !is_topic(need)) {
        say(format!("`needs` names {need:?}, which is no topic of facts"));
    }
    for id in card.findings.iter().filter(|id| !id.contains('.') || !is_of(id, &['-', '.'])) {
        say(format!("{id:?} is no id of a finding; one is `topic.what`, in lower case"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::actor::NativeActor;
    use crate::finding::{Kind, Severity};

    const ABOUT: &str = "Looks at this and that, which matters for some reason. Do something.";
    const FINE: NativeActor =
        NativeActor { name: "a", summary: "this", about: ABOUT, ..NativeActor::NEW };
    const KIND: Kind = Kind::new("t.x", "a", Severity::Low, "T");

    fn wrong(actors: &[NativeActor]) -> String {
        let mut all = Actors::default();
        actors.iter().for_each(|actor| all.add(Arc::new(*actor)).unwrap());
        all.lint().join("\n")
    }

    #[test]
    fn a_card_that_says_everything_is_fine() {
        let with = NativeActor { needs: &["packages", "storage"], kinds: &[KIND], ..FINE };
        let newer = NativeActor { version: 2, after: &["b"], ..with };
        assert_eq!(wrong(&[with, newer, NativeActor { name: "b", ..FINE }]), "");
    }

    #[test]
    fn what_is_wrong_with_a_card_is_told() {
        const ODD: Kind = Kind::new("X", "B", Severity::Low, "T");
        let bad = NativeActor {
            name: "B",
            version: 0,
            summary: "This.",
            about: "Short.",
            needs: &["moon"],
            after: &["nobody"],
            kinds: &[ODD],
            ..FINE
        };
        insta::assert_snapshot!(wrong(&[bad]), @r#"
        B@0: `name` has lower-case letters, digits and underscores
        B@0: `version` begins with 1
        B@0: `summary` is one line without a period at its end
        B@0: `about` says in sentences what it does, why that matters and what to do
        B@0: `needs` names "moon", which is no topic of facts
        B@0: "X" is no id of a finding; one is `topic.what`, in lower case
        B@0: `after` names "nobody", and there is no such actor
        "#);
    }

    #[test]
    fn two_actors_do_not_share_a_finding() {
        let (a, b) = (
            NativeActor { kinds: &[KIND], ..FINE },
            NativeActor { kinds: &[KIND], name: "b", ..FINE },
        );
        assert_eq!(wrong(&[a, b]), "b@1: the finding t.x is one of a");
    }
}
