//! Words of a command line.

/// Words as a shell would take them back apart.
pub fn shell_words(words: &[String]) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./-_".contains(c);
    let quote = |word: &String| {
        if !word.is_empty() && word.chars().all(safe) {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', "'\"'\"'"))
        }
    };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_words_apart_as_they_were() {
        let words = ["a-b=/c", "", "it's", "$(x)", "two\nlines"].map(str::to_owned);
        assert_eq!(shell_words(&words), "a-b=/c '' 'it'\"'\"'s' '$(x)' 'two\nlines'");
    }
}
