package org.bufferyard.allocator;

/**
 * Why something was not done. {@code reason} names the party, the rule and the values; {@code
 * wouldHelp} names what would make it succeed, or is empty where nothing would. The state is as it
 * was before the request.
 */
public record Refusal(Errno errno, String reason, String wouldHelp) {
  public Refusal(Errno errno, String reason) {
    this(errno, reason, "");
  }

  @Override
  public String toString() {
    return errno + ": " + reason + (wouldHelp.isEmpty() ? "" : "; would help: " + wouldHelp);
  }
}
