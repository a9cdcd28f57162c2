package org.bufferyard.cli;

/** What the user got wrong, in one line that names it; ends the command with exit code 2. */
public final class BadInput extends Exception {
  private static final long serialVersionUID = 1;

  public BadInput(String message) {
    super(message, null, false, false);
  }
}
