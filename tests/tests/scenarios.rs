//! Every scenario of `fixtures/scenarios` ends as it says, in all its profiles.

use elevate_tests::binary::root;
use elevate_tests::recorded::{entries, read};
use elevate_tests::scenarios::Story;

#[test]
fn every_story_ends_as_it_says() {
    let files = entries(&root().join("fixtures/scenarios"));
    let stories = files.iter().filter(|file| file.extension().is_some_and(|end| end == "toml"));
    let mut wrong = String::new();
    let mut count = 0;
    for file in stories {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let text = String::from_utf8(read(file)).unwrap();
        match Story::read(&text) {
            Ok(story) => wrong += &story.judge(&name),
            Err(error) => wrong += &format!("{name}: {error}\n"),
        }
        count += 1;
    }
    assert!(count > 200, "{count} stories");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_recorded_scenario_ends_as_libsolv_ended_it() {
    let text = String::from_utf8(read(&root().join("fixtures/scenarios/recorded.jsonl"))).unwrap();
    let mut wrong = String::new();
    for line in text.lines() {
        let story: Story = serde_json::from_str(line).unwrap();
        wrong += &story.judge(&story.title);
    }
    assert!(text.lines().count() >= 400);
    assert!(wrong.is_empty(), "\n{wrong}");
}
