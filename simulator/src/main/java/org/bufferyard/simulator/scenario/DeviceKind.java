package org.bufferyard.simulator.scenario;

/** What a device is modelled as. */
public enum DeviceKind {
  GPU,
  DISPLAY,
  CAMERA,
  ENCODER,
  /** Any DMA engine, without habits of its own. */
  IMPORTER
}
