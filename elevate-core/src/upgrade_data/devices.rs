//! `device_driver_deprecation_data.json`: devices, drivers and processors that
//! releases dropped (formats.md section 5).

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceData {
    /// Entries of a known kind, in file order.
    pub entries: Vec<DeviceEntry>,
}

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceKind {
    /// A PCI device or a driver of PCI devices.
    Pci,
    /// A processor.
    Cpu,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceEntry {
    /// What it is about.
    pub kind: DeviceKind,
    /// `0x1000:0x0060`, `x86_64:intel:6:42`; empty for an entry about a driver.
    pub device_id: String,
    /// What people call it.
    pub device_name: String,
    /// Driver name.
    pub driver_name: String,
    /// Major releases it is available in.
    pub available_in: Vec<u32>,
    /// Major releases it is maintained in.
    pub maintained_in: Vec<u32>,
    /// When its end was announced; free text.
    pub deprecation_announced: String,
}
