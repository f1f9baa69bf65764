//! One record, one sub-event for each module stream it starts from
//! (formats.md 1.3).

use super::{EventPackage, PackageEvent};
use crate::model::{ModuleStream, PackageId, PesId};

/// A record as it applies to packages of one module stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expanded {
    /// What it starts from. Empty where a map names a stream no input carries:
    /// such an event would apply to every host.
    pub inputs: Vec<(PackageId, PesId)>,
    /// What it leads to.
    pub outputs: Vec<(PackageId, PesId)>,
    /// Outputs no map fits; upstream drops them without a word.
    pub lost: Vec<EventPackage>,
    /// Outputs that fit several target streams; the smallest was taken.
    pub ambiguous: Vec<EventPackage>,
}

type Stream = Option<ModuleStream>;

impl PackageEvent {
    /// The sub-events, in the order in which their streams first appear in the
    /// maps or, without maps, on the inputs. None for a record with neither
    /// maps nor inputs.
    pub fn expand(&self) -> Vec<Expanded> {
        let mut steps: Vec<(&Stream, Vec<&Stream>)> = Vec::new();
        let mut add = |from, to| match steps.iter_mut().find(|(known, _)| *known == from) {
            Some((_, targets)) => targets.push(to),
            None => steps.push((from, vec![to])),
        };
        for (from, to) in &self.stream_maps {
            add(from, to);
        }
        if self.stream_maps.is_empty() {
            for stream in self.inputs.iter().flat_map(|package| &package.streams) {
                add(stream, &None);
            }
        }
        steps.iter().map(|(from, targets)| self.step(from, targets)).collect()
    }

    fn step(&self, from: &Stream, targets: &[&Stream]) -> Expanded {
        let carried = self.inputs.iter().filter(|package| package.streams.contains(from));
        let mut step = Expanded {
            inputs: carried.map(|package| identity(package, from)).collect(),
            outputs: Vec::with_capacity(self.outputs.len()),
            lost: Vec::new(),
            ambiguous: Vec::new(),
        };
        for package in &self.outputs {
            let fitting = || package.streams.iter().filter(|stream| targets.contains(stream));
            match fitting().min() {
                Some(stream) => step.outputs.push(identity(package, stream)),
                None => step.lost.push(package.clone()),
            }
            if fitting().nth(1).is_some() {
                step.ambiguous.push(package.clone());
            }
        }
        step
    }
}

fn identity(package: &EventPackage, stream: &Stream) -> (PackageId, PesId) {
    let id = PackageId { name: package.name.clone(), stream: stream.clone() };
    (id, package.repository.clone())
}

#[cfg(test)]
mod tests {
    use crate::upgrade_data::package_events::read;
    use crate::upgrade_data::remark::Remarks;

    /// Sub-events as text: `inputs -> outputs`, lost and ambiguous ones marked.
    fn expanded(event: &str) -> Vec<String> {
        let text = format!("{{\"packageinfo\": [{event}]}}");
        let (file, _) = read("f", text.as_bytes(), &mut Remarks::new("f")).unwrap();
        let names = |set: &[(crate::model::PackageId, crate::model::PesId)]| {
            set.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>().join(" ")
        };
        let show = |step: &super::Expanded| {
            let mut line = format!("{} -> {}", names(&step.inputs), names(&step.outputs));
            step.lost.iter().for_each(|package| line += &format!(" lost {}", package.name));
            step.ambiguous
                .iter()
                .for_each(|package| line += &format!(" ambiguous {}", package.name));
            line
        };
        file.events[0].expand().iter().map(show).collect()
    }

    const OUT: &str = r#""out_packageset": {"package": [
        {"name": "x", "repository": "r", "modulestreams": [null, {"name": "m", "stream": "o"}]},
        {"name": "y", "repository": "r", "modulestreams": [null, {"name": "m", "stream": "o"}]}]}"#;

    #[test]
    fn maps_make_one_event_for_each_input_stream() {
        let event = format!(
            r#"{{"action": 4, "in_packageset": {{"package": [{{"name": "a", "repository": "r",
                "modulestreams": [null, {{"name": "m", "stream": "i"}}]}}]}}, {OUT},
                "modulestream_maps": [
                  {{"in_modulestream": null, "out_modulestream": {{"name": "m", "stream": "o"}}}},
                  {{"in_modulestream": {{"name": "m", "stream": "i"}}, "out_modulestream": null}}]}}"#
        );
        assert_eq!(expanded(&event), ["a -> x[m:o] y[m:o]", "a[m:i] -> x y"]);
    }

    #[test]
    fn without_maps_every_input_stream_leads_to_no_module() {
        let event = r#"{"action": 7, "in_packageset": {"package": [{"name": "a", "repository": "r",
                "modulestreams": [null, {"name": "m", "stream": "i"}]}]},
                "out_packageset": {"package": [{"name": "d", "repository": "r"}]}}"#;
        assert_eq!(expanded(event), ["a -> d", "a[m:i] -> d"]);
    }

    #[test]
    fn without_maps_and_inputs_the_event_vanishes() {
        assert_eq!(expanded(&format!(r#"{{"action": 3, {OUT}}}"#)), [""; 0]);
    }

    #[test]
    fn a_map_from_a_stream_nobody_carries_leaves_the_inputs_empty() {
        let event = format!(
            r#"{{"action": 3, {OUT}, "modulestream_maps": [{{"in_modulestream": {{"name": "z", "stream": "1"}}}}]}}"#
        );
        assert_eq!(expanded(&event), [" -> x y"]);
    }

    #[test]
    fn an_output_that_fits_no_map_is_lost_and_one_that_fits_two_is_ambiguous() {
        let event = r#"{"action": 3, "in_packageset": {"package": [{"name": "a", "repository": "r"}]},
            "out_packageset": {"package": [
              {"name": "x", "repository": "r", "modulestreams": [{"name": "m", "stream": "2"}, {"name": "m", "stream": "1"}]},
              {"name": "y", "repository": "r", "modulestreams": [{"name": "n", "stream": "1"}]}]},
            "modulestream_maps": [
              {"in_modulestream": null, "out_modulestream": {"name": "m", "stream": "2"}},
              {"in_modulestream": null, "out_modulestream": {"name": "m", "stream": "1"}}]}"#;
        assert_eq!(expanded(event), ["a -> x[m:1] lost y ambiguous x"]);
    }
}
