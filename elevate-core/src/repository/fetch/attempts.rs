//! One address after the other, and again where that may help.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Attempt, Fault};
use crate::repository::http::HttpError;
use crate::repository::store::StoreError;
use crate::repository::url::Url;

/// Mirrors that are tried at least once, however few tries are asked for.
const MOST_MIRRORS: usize = 20;
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A try that failed.
pub(super) enum Failure {
    /// The server, or the way to it.
    Http(HttpError),
    /// What came is not what it should be; the same server would send it again.
    Wrong(String),
    /// The cache; no server helps.
    Store(StoreError),
}

impl Failure {
    fn is_final(&self) -> bool {
        match self {
            Failure::Http(error) => error.is_final(),
            Failure::Wrong(_) | Failure::Store(_) => true,
        }
    }

    fn why(&self) -> String {
        match self {
            Failure::Http(error) => error.to_string(),
            Failure::Wrong(why) => why.clone(),
            Failure::Store(error) => error.to_string(),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::Store(error)
    }
}

/// How often, and how fast.
#[derive(Clone, Copy)]
pub(super) struct Patience {
    /// Tries in all.
    pub(super) tries: u32,
    /// The first pause before the same server is asked again.
    pub(super) pause: Duration,
}

/// Tries addresses in their order. One that failed for now is tried again after the
/// others, after a pause; one that failed for good is not.
pub(super) fn try_each<T>(
    what: &str,
    addresses: &[Url],
    patience: Patience,
    told: &dyn Fn(&Attempt),
    one: &dyn Fn(&Url) -> Result<T, Failure>,
) -> Result<(T, usize), Fault> {
    let tries = (patience.tries as usize).max(addresses.len().min(MOST_MIRRORS));
    let mut queue: VecDeque<(usize, u32)> = (0..addresses.len()).map(|at| (at, 0)).collect();
    let mut tried = Vec::new();
    while let Some((at, again)) = queue.pop_front().filter(|_| tried.len() < tries) {
        if again > 0 {
            let pause = patience.pause.saturating_mul(1 << (again - 1).min(10));
            std::thread::sleep(pause.min(LONGEST_PAUSE));
        }
        let failure = match one(&addresses[at]) {
            Ok(done) => return Ok((done, at)),
            Err(Failure::Store(error)) => return Err(Fault::Store(error)),
            Err(failure) => failure,
        };
        let attempt = Attempt { url: addresses[at].to_string(), why: failure.why() };
        told(&attempt);
        tried.push(attempt);
        if !failure.is_final() {
            queue.push_back((at, again + 1));
        }
    }
    Err(Fault::Unavailable { what: what.to_owned(), tried })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn run(
        addresses: usize,
        tries: u32,
        one: &dyn Fn(&str, usize) -> Result<(), Failure>,
    ) -> (Result<usize, usize>, String) {
        let urls: Vec<Url> =
            (0..addresses).map(|n| Url::parse(&format!("http://{n}/")).unwrap()).collect();
        let order = RefCell::new(String::new());
        let patience = Patience { tries, pause: Duration::ZERO };
        let each = |url: &Url| {
            order.borrow_mut().push_str(&url.host);
            let nth = order.borrow().len();
            one(&url.host, nth)
        };
        let done = match try_each("x", &urls, patience, &|_| {}, &each) {
            Ok((_, at)) => Ok(at),
            Err(Fault::Unavailable { tried, .. }) => Err(tried.len()),
            Err(other) => panic!("{other}"),
        };
        (done, order.into_inner())
    }

    fn cut() -> Failure {
        Failure::Http(HttpError::Cut("x".into()))
    }

    #[test]
    fn what_failed_for_now_is_tried_again_after_the_others() {
        let (done, order) = run(3, 10, &|_, nth| if nth < 5 { Err(cut()) } else { Ok(()) });
        assert_eq!((done, order.as_str()), (Ok(1), "01201"));
    }

    #[test]
    fn what_failed_for_good_is_not_tried_again() {
        let wrong = |_: &str, _| Err(Failure::Wrong("x".into()));
        assert_eq!(run(3, 10, &wrong), (Err(3), "012".to_owned()));
        assert_eq!(run(0, 10, &wrong), (Err(0), String::new()));
    }

    #[test]
    fn tries_are_bounded_but_every_mirror_has_one() {
        let cut = |_: &str, _| Err(cut());
        assert_eq!(run(2, 5, &cut), (Err(5), "01010".to_owned()));
        assert_eq!(run(4, 1, &cut).0, Err(4));
        assert_eq!(run(500, 1, &cut).0, Err(MOST_MIRRORS));
    }
}
