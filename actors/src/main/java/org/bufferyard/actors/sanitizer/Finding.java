package org.bufferyard.actors.sanitizer;

import java.util.List;

/**
 * A rule that did not hold.
 *
 * @param device whose mapping or access it is about; empty if none's
 * @param buffer as {@code buffer-7}; empty if none's
 * @param page of the buffer, or negative
 * @param site when and for whom the mapping concerned was made; empty if none is
 * @param history what the buffer was told and said last, oldest first
 */
public record Finding(
    Rule rule,
    long atNanos,
    long step,
    String device,
    String buffer,
    long page,
    String text,
    String site,
    List<String> history) {
  /** The finding in one line. */
  public String line() {
    return rule
        + " ("
        + rule.text()
        + "): "
        + text
        + (device.isEmpty() ? "" : "; device " + device)
        + (page < 0 ? "" : "; page " + page)
        + (site.isEmpty() ? "" : "; " + site);
  }
}
