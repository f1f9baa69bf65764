//! The sort libsolv's answers depend on.

/// Sorts by a comparison that need not be a total order, as the C library does: from
/// the top down, halves of `n / 2` first, taking from the left where neither is
/// smaller (solver-search.md B4.10). The standard sort merges otherwise.
pub(in crate::solve) fn merge_sort<T: Clone>(
    items: &mut [T],
    less_or_equal: &mut impl FnMut(&T, &T) -> bool,
) {
    if items.len() < 2 {
        return;
    }
    let (left, right) = items.split_at_mut(items.len() / 2);
    merge_sort(left, less_or_equal);
    merge_sort(right, less_or_equal);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut a, mut b) = (0, 0);
    while let (Some(x), Some(y)) = (left.get(a), right.get(b)) {
        if less_or_equal(x, y) {
            merged.push(x.clone());
            a += 1;
        } else {
            merged.push(y.clone());
            b += 1;
        }
    }
    merged.extend_from_slice(&left[a..]);
    merged.extend_from_slice(&right[b..]);
    items.clone_from_slice(&merged);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_is_sorted_as_the_c_library_sorts_it() {
        // A before C, C before B, B before A.
        let mut before =
            |x: &char, y: &char| x == y || matches!((x, y), ('A', 'C') | ('C', 'B') | ('B', 'A'));
        for (from, to) in [("CBA", "CBA"), ("ABC", "ACB")] {
            let mut items: Vec<char> = from.chars().collect();
            merge_sort(&mut items, &mut before);
            assert_eq!(items.iter().collect::<String>(), to);
        }
    }

    #[test]
    fn equal_items_keep_their_order() {
        let mut items = [(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd'), (0, 'e')];
        merge_sort(&mut items, &mut |x, y| x.0 <= y.0);
        assert_eq!(items, [(0, 'e'), (1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')]);
    }
}
