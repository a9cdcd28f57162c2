package org.bufferyard.cli;

/** Whole numbers as they are typed for an option. */
final class WholeNumber {
  /** {@code word} if it is a number from {@code min} to {@code max}. */
  static int of(String option, String word, int min, int max) throws BadInput {
    if (word.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(word);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw new BadInput(option + " '" + word + "': not a whole number from " + min + " to " + max);
  }

  private WholeNumber() {}
}
