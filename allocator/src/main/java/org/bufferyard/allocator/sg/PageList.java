package org.bufferyard.allocator.sg;

import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;

/**
 * Page frames as a person writes them: decimal numbers and ranges {@code a-b}, both ends included,
 * in buffer order. Consecutive frames are kept as runs, so a long range costs nothing.
 */
public final class PageList {
  /** The frames of all words in order. EINVAL names the first word that is not one. */
  public static Outcome<Extents> parse(List<String> words) {
    Extents.Builder runs = new Extents.Builder();
    for (String word : words) {
      int dash = word.indexOf('-', 1);
      long first = frame(dash < 0 ? word : word.substring(0, dash));
      long last = dash < 0 ? first : frame(word.substring(dash + 1));
      if (first < 0 || last < 0) {
        return Outcome.refused(
            Errno.EINVAL,
            "not a page frame from 0 to " + SgBuilder.PFN_MAX + " or a range of them: " + word);
      }
      if (first > last) {
        return Outcome.refused(Errno.EINVAL, "range ends before it starts: " + word);
      }
      if (runs.totalPages() > SgBuilder.PFN_MAX - (last - first)) {
        return Outcome.refused(Errno.EOVERFLOW, "more pages than 64-bit addresses: " + word);
      }
      runs.add(first, last - first + 1);
    }
    Extents extents = runs.build();
    return extents.totalPages() == 0
        ? Outcome.refused(Errno.EINVAL, "no page frames given")
        : Outcome.done(extents);
  }

  /** -1 for anything but a decimal number in range. */
  private static long frame(String digits) {
    if (digits.isEmpty() || digits.length() > 18) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char digit = digits.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = value * 10 + (digit - '0');
    }
    return value <= SgBuilder.PFN_MAX ? value : -1;
  }

  private PageList() {}
}
