package org.bufferyard.actors.sanitizer;

/**
 * What the sanitizer checks. The numbers are those of {@code docs/sanitizer.md}, which names for
 * each where it is checked and the test that makes it fire.
 */
public enum Rule {
  D2(Severity.REFUSE, "an unmap names exactly one live mapping"),
  D3(Severity.REFUSE, "an unmap is of the mapping's generation"),
  D11(Severity.FAIL, "a mapping covers pages of the yard's regions alone"),
  D14(Severity.REFUSE, "a use lies inside its buffer"),
  D15(Severity.REFUSE, "a use goes in its mapping's direction"),
  D19(Severity.FAIL, "no segment is longer than the device takes"),
  D20(Severity.FAIL, "no segment crosses the device's boundary"),
  D22(Severity.WARN, "no page has more mappings than the limit"),
  D23(Severity.FAIL, "who detaches leaves no mapping, fence or pin"),
  D25(Severity.FAIL, "segments are page aligned and cover the buffer"),
  D26(Severity.FAIL, "no segment goes beyond the device's mask"),
  D32(Severity.FAIL, "a page is freed once, and not freed while it is anybody's"),
  D36(Severity.FAIL, "a buffer is mapped only in memory that its device reaches"),
  D37(Severity.REFUSE, "a request names an attachment of this buffer and client"),
  D38(Severity.REFUSE, "one direction at a time, unless for both"),
  D39(Severity.FAIL, "a move waits for every fence, and no DMA starts without one"),
  D40(Severity.FAIL, "a move waits for every mapping; a static one does not move"),
  D41(Severity.REFUSE, "who releases a pin holds one"),
  D42(Severity.FAIL, "during a move nothing is mapped, pinned, used or opened"),
  D43(Severity.FAIL, "a freed buffer has no attachment, mapping, pin or fence"),
  D49(Severity.FAIL, "a writer is alone: no fence that conflicts is pending"),
  D52(Severity.FAIL, "nobody is detached by force before the deadline"),
  D54(Severity.WARN, "a buffer's list of fences stays short"),
  D59(Severity.FAIL, "what is unmapped was mapped"),
  D60(Severity.FAIL, "a page in the free list is mapped by nobody"),
  D64(Severity.FAIL, "no translation outlives its mapping"),
  D67(Severity.FAIL, "a device writes through a mapping that allows it"),
  D68(Severity.FAIL, "a device reaches what was mapped for it, and nothing else"),
  D77(Severity.FAIL, "a move carries every page over unchanged"),
  D79(Severity.FAIL, "a page belongs to one buffer, and is given out only when free"),
  D80(Severity.FAIL, "a pinned buffer keeps its pages"),
  D81(Severity.FAIL, "every request is answered exactly once"),
  D82(Severity.REFUSE, "a request of an epoch that is over is refused"),
  D84(Severity.FAIL, "what clients saw could come of one buffer that does one thing at a time"),
  D86(Severity.FAIL, "a mapping has segments, none over another"),
  D88(Severity.FAIL, "a freed page is overwritten before anybody gets it"),
  D89(Severity.FAIL, "what lies in a file is mapped by nobody"),
  D91(Severity.FAIL, "nobody waits longer than the deadlines allow"),
  HANDLE(Severity.FAIL, "a handle that was given opens its buffer until it is closed"),
  D24(Severity.WARN, "the sanitizer itself is on and has records left");

  /** What follows when the rule does not hold. */
  public enum Severity {
    /** The run fails at once. */
    FAIL,
    /** The yard should have refused and did not: the run fails at once. */
    REFUSE,
    /** Told at the end of the run, which fails. */
    WARN
  }

  private final Severity severity;
  private final String text;

  Rule(Severity severity, String text) {
    this.severity = severity;
    this.text = text;
  }

  public Severity severity() {
    return severity;
  }

  /** The rule in words. */
  public String text() {
    return text;
  }
}
