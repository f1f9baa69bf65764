//! The worked examples of solver-rules.md A1.7, and truth tables.

use proptest::prelude::*;

use super::*;
use crate::universe::List;
use crate::universe::tests::universe;

/// `a` has one provider, `b` has two, `c` one of its own beside them.
const WORLD: &str = "pa-1-1.x86_64\n provides a\npb1-1-1.x86_64\n provides b\n\
                     pb2-1-1.x86_64\n provides b\npc-1-1.x86_64\n provides c\n";

/// Packages by what they are called here.
const NAMES: [&str; 4] = ["pa", "pb1", "pb2", "pc"];

/// A host that asks for this.
fn asking(dependency: &str) -> (Universe, Term) {
    let universe = universe(&format!("x-1-1.x86_64\n requires {dependency}\n"), &[WORLD]);
    let x = universe.installed().next().unwrap();
    let term = universe.list(x, List::Requires)[0];
    (universe, term)
}

fn shown(universe: &Universe, normal: &Normal) -> String {
    let literal = |literal: &Literal| {
        let sign = if literal.is_positive() { "" } else { "-" };
        format!("{sign}{}", universe.text(universe.name(literal.package())))
    };
    match normal {
        Normal::None => "none".to_owned(),
        Normal::All => "all".to_owned(),
        Normal::Blocks(blocks) => {
            let block =
                |block: &Vec<Literal>| block.iter().map(literal).collect::<Vec<_>>().join(" ");
            blocks.iter().map(block).collect::<Vec<_>>().join(", ")
        }
    }
}

/// What it is as a requirement.
fn required(dependency: &str) -> String {
    let (universe, term) = asking(dependency);
    shown(&universe, &universe.normalize(term, Form::Conjunctive).unwrap())
}

/// What it is as a conflict.
fn forbidden(dependency: &str) -> String {
    let (universe, term) = asking(dependency);
    shown(&universe, &universe.normalize(term, Form::Disjunctive).unwrap().inverse())
}

#[test]
fn requirements_are_the_clauses_of_the_specification_s_table() {
    for (dependency, clauses) in [
        ("(a and b)", "pa, pb1 pb2"),
        ("(a if b)", "-pb1 pa, -pb2 pa"),
        ("(a if b else c)", "-pb1 pa, -pb2 pa, pb1 pb2 pc"),
        ("(a unless b)", "pa, -pb1, -pb2"),
        ("(a if nobody)", "all"),
        ("(nobody if b)", "-pb1, -pb2"),
        ("(a or b)", "pa pb1 pb2"),
        ("(b with a)", "none"),
        ("(b without a)", "pb1 pb2"),
        ("nobody", "none"),
        ("(a and nobody)", "none"),
        ("(nobody or (a and b))", "pa, pb1 pb2"),
        ("(rpmlib(X) <= 1 if a)", "all"),
        ("(a if rpmlib(X) <= 1)", "pa"),
        ("(nobody unless b)", "none"),
        ("(a unless nobody)", "pa"),
        // Clauses that say a thing and its opposite are left out.
        ("(a unless b else c)", "pa pb1 pb2, pa pc, -pb1 pc, -pb2 pc"),
    ] {
        assert_eq!(required(dependency), clauses, "{dependency}");
    }
}

#[test]
fn conflicts_are_the_clauses_of_the_specification_s_table() {
    for (dependency, clauses) in [
        ("(a and b)", "-pb1 -pa, -pb2 -pa"),
        ("(a or b)", "-pa, -pb1, -pb2"),
        ("(a if b)", "-pa, pb1 pb2"),
        ("nobody", "all"),
        ("rpmlib(X) <= 1", "none"),
    ] {
        assert_eq!(forbidden(dependency), clauses, "{dependency}");
    }
}

#[test]
fn an_alternative_is_complex_where_an_operand_is() {
    for (dependency, complex) in [
        ("a", false),
        ("a >= 1", false),
        ("(a or b)", false),
        ("(a or b or (c with a))", false),
        ("(a or b or (c and a))", true),
        ("((c if a) or b)", true),
        ("(a and b)", true),
        ("(a unless b)", true),
        ("(a without b)", false),
    ] {
        let (universe, term) = asking(dependency);
        assert_eq!(universe.is_complex(term), complex, "{dependency}");
    }
}

#[test]
fn a_dependency_may_nest_as_deep_as_the_grammar_lets_it() {
    let deep = format!("{}a{}", "(b and ".repeat(64), ")".repeat(64));
    let (universe, term) = asking(&deep);
    let Ok(Normal::Blocks(blocks)) = universe.normalize(term, Form::Conjunctive) else {
        panic!("no blocks")
    };
    assert_eq!(blocks.len(), 65);
    // `(a if a)` says nothing, so `(a if (a if a))` says `a`.
    for (length, clauses) in [(1_000, "all"), (999, "pa")] {
        assert_eq!(required(&format!("({})", vec!["a"; length].join(" if "))), clauses);
    }
}

#[test]
fn a_dependency_that_explodes_is_refused_and_does_not_fill_the_memory() {
    let pairs = ["(a and b)"; 40].join(" or ");
    let (universe, term) = asking(&format!("({pairs})"));
    assert_eq!(universe.normalize(term, Form::Conjunctive), Err(TooComplex));
    assert!(universe.normalize(term, Form::Disjunctive).is_ok());
    // The condition of each is looked at twice.
    let mut twice = "a".to_owned();
    for _ in 0..60 {
        twice = format!("(a if {twice} else b)");
    }
    let (universe, term) = asking(&twice);
    assert_eq!(universe.normalize(term, Form::Conjunctive), Err(TooComplex));
}

/// Whether a dependency holds where exactly these packages are there.
fn holds(universe: &Universe, term: Term, there: &[SolvableId]) -> bool {
    let of = |term| holds(universe, term, there);
    let rich = |term: Term| match term.kind() {
        TermKind::Relation(id) => match universe.relation(id).unwrap() {
            Relation { left, operator: Operator::Rich(operator), right } => {
                Some((left, operator, right))
            }
            _ => None,
        },
        TermKind::Text(_) => None,
    };
    // A condition, and what is to hold in the other case.
    let condition = |right: Term, default: bool| match rich(right) {
        Some((condition, RichOperator::Else, otherwise)) => (of(condition), of(otherwise)),
        _ => (of(right), default),
    };
    match rich(term) {
        Some((left, RichOperator::And, right)) => of(left) && of(right),
        Some((left, RichOperator::Or, right)) => of(left) || of(right),
        Some((left, RichOperator::If, right)) => {
            let (condition, otherwise) = condition(right, true);
            if condition { of(left) } else { otherwise }
        }
        Some((left, RichOperator::Unless, right)) => {
            let (condition, otherwise) = condition(right, false);
            if condition { otherwise } else { of(left) }
        }
        _ => universe.providers(term).iter().any(|package| there.contains(package)),
    }
}

fn dependency() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "b", "c", "nobody"]).prop_map(str::to_owned);
    name.prop_recursive(4, 12, 3, |inner| {
        let operator = prop::sample::select(vec!["and", "or", "if", "unless", "with", "without"]);
        prop_oneof![
            (inner.clone(), operator, inner.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (inner.clone(), inner.clone(), inner.clone(), any::<bool>()).prop_map(
                |(a, b, c, unless)| {
                    let word = if unless { "unless" } else { "if" };
                    format!("({a} {word} {b} else {c})")
                }
            ),
        ]
    })
}

/// Compares both forms with the truth where exactly these packages are there.
fn agrees(universe: &Universe, term: Term, there: &[SolvableId]) -> Result<(), TestCaseError> {
    let truth = holds(universe, term, there);
    let holds = |literal: &Literal| there.contains(&literal.package()) == literal.is_positive();
    for form in [Form::Conjunctive, Form::Disjunctive] {
        let normal = universe.normalize(term, form).unwrap();
        let ours = match (&normal, form) {
            (Normal::None, _) => false,
            (Normal::All, _) => true,
            (Normal::Blocks(blocks), Form::Conjunctive) => {
                blocks.iter().all(|block| block.iter().any(holds))
            }
            (Normal::Blocks(blocks), Form::Disjunctive) => {
                blocks.iter().any(|block| block.iter().all(holds))
            }
        };
        prop_assert_eq!(ours, truth, "{:?} {}", form, shown(universe, &normal));
    }
    Ok(())
}

proptest! {
    #[test]
    fn clauses_and_combinations_say_what_the_dependency_says(text in dependency()) {
        let (universe, term) = asking(&text);
        let packages: Vec<SolvableId> = universe.target().packages().collect();
        prop_assert_eq!(packages.len(), NAMES.len());
        for mask in 0..1u32 << packages.len() {
            let there = packages.iter().enumerate().filter(|(at, _)| mask & (1 << at) != 0);
            let there: Vec<SolvableId> = there.map(|(_, package)| *package).collect();
            agrees(&universe, term, &there)?;
        }
    }

    #[test]
    fn blocks_are_ascending_and_no_block_contradicts_itself(text in dependency()) {
        let (universe, term) = asking(&text);
        for form in [Form::Conjunctive, Form::Disjunctive] {
            if let Normal::Blocks(blocks) = universe.normalize(term, form).unwrap() {
                for block in blocks {
                    prop_assert!(block.windows(2).all(|pair| pair[0] < pair[1]));
                    prop_assert!(!contradicts_itself(&block));
                }
            }
        }
    }
}
