package org.bufferyard.actors.protocol;

/** What an exporter implements, as bits. Model of {@code struct dma_buf_ops}. */
public final class ExporterOps {
  public static final int MAP = 1;
  public static final int UNMAP = 1 << 1;
  public static final int RELEASE = 1 << 2;

  /** Without it the exporter cannot move: what is mapped stays where it is. */
  public static final int PIN = 1 << 3;

  public static final int UNPIN = 1 << 4;
  public static final int VMAP = 1 << 5;
  public static final int MMAP = 1 << 6;
  public static final int ALL = MAP | UNMAP | RELEASE | PIN | UNPIN | VMAP | MMAP;

  /** Without these there is nothing to export. */
  public static final int REQUIRED = MAP | UNMAP | RELEASE;

  private ExporterOps() {}
}
