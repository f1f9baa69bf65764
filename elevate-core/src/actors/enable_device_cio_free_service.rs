//! The service that frees devices on s390x.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::Directive;
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "enable_device_cio_free_service",
    summary: "device_cio_free.service on s390x",
    about: "On s390x, devices are hidden until somebody asks for them. Release 8 frees those the \
            host uses in device_cio_free.service, which has to be enabled for it.",
    applies: Applies::SEVEN_TO_EIGHT.on(&["s390x"]),
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(_: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    outcome.ask(Directive::EnableService { unit: "device_cio_free.service".to_owned() });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    #[test]
    fn on_s390x_the_service_is_enabled_and_elsewhere_not() {
        let told = |arch: &str| told(ACTOR, &format!("//- host centos:7.9 {arch}"));
        assert_eq!(told("s390x"), "ask: enable-service device_cio_free.service\n");
        for arch in ["x86_64", "aarch64", "ppc64le"] {
            assert_eq!(told(arch), "", "{arch}");
        }
    }
}
