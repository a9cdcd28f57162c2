package org.bufferyard.allocator.iommu;

/** Why a device access did not translate. The code is what {@code translate} answers. */
public enum FaultReason {
  NOT_MAPPED(-1),
  WRITE_DENIED(-2),
  READ_DENIED(-3),
  BEYOND_SPACE(-4);

  private final int code;

  FaultReason(int code) {
    this.code = code;
  }

  /** Negative, so that it is no page frame. */
  public int code() {
    return code;
  }

  /** The reason of a negative answer of {@code translate}. */
  public static FaultReason ofCode(long code) {
    for (FaultReason reason : values()) {
      if (reason.code == code) {
        return reason;
      }
    }
    throw new IllegalArgumentException("no fault code, code=" + code);
  }
}
