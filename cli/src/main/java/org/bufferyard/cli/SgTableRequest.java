package org.bufferyard.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.StringTokenizer;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.iommu.SgTableQuery;
import org.bufferyard.allocator.sg.PageList;
import org.jspecify.annotations.Nullable;

/**
 * The words of one {@code sgtable} request; null is an option not given. Each word that is no
 * number, and each number that the builder does not take, is EINVAL with its value.
 */
record SgTableRequest(
    @Nullable String maxSegment,
    @Nullable String boundary,
    @Nullable String offset,
    @Nullable String length,
    @Nullable String dmaMask,
    boolean iommu) {
  /** Some ten million page frames; more are written as ranges. */
  static final int INPUT_BYTES_MAX = 64 << 20;

  private static final String NO_BOUNDARY = "none";

  /** A word that cannot be read; never leaves this record. */
  private static final class NotANumber extends Exception {
    private static final long serialVersionUID = 1;

    NotANumber(String option, String word, String legal) {
      super(option + " must be " + legal + ", not " + word, null, false, false);
    }
  }

  /** The segments of {@code frames}, or of the page frames in {@code input} where it is empty. */
  Outcome<SgTableQuery.Answer> answer(List<String> frames, InputStream input) {
    try {
      List<String> words = frames.isEmpty() ? words(input) : frames;
      return switch (PageList.parse(words)) {
        case Outcome.Done<Extents>(Extents pages) -> query(pages).run();
        case Outcome.Refused<Extents>(var refusal) -> Outcome.refused(refusal);
      };
    } catch (NotANumber fault) {
      return Outcome.refused(Errno.EINVAL, String.valueOf(fault.getMessage()));
    } catch (IOException fault) {
      return Outcome.refused(Errno.EIO, "standard input cannot be read: " + fault.getMessage());
    }
  }

  private SgTableQuery query(Extents pages) throws NotANumber {
    return new SgTableQuery(
        pages,
        number("--max-segment", maxSegment, DmaConstraints.UINT_MAX),
        boundaryMask(),
        number("--offset", offset, 0),
        length == null ? OptionalLong.empty() : OptionalLong.of(number("--length", length, 0)),
        Math.clamp(number("--dma-mask", dmaMask, Long.SIZE), -1, Long.SIZE + 1),
        iommu);
  }

  private static List<String> words(InputStream input) throws IOException, NotANumber {
    byte[] bytes = input.readNBytes(INPUT_BYTES_MAX + 1);
    if (bytes.length > INPUT_BYTES_MAX) {
      throw new NotANumber(
          "standard input", "more", "at most " + INPUT_BYTES_MAX + " bytes of page frames");
    }
    StringTokenizer tokens =
        new StringTokenizer(new String(bytes, StandardCharsets.ISO_8859_1), " \t\r\n\f");
    List<String> words = new ArrayList<>(tokens.countTokens());
    while (tokens.hasMoreTokens()) {
      words.add(tokens.nextToken());
    }
    return words;
  }

  private static long number(String option, @Nullable String word, long absent) throws NotANumber {
    if (word == null) {
      return absent;
    }
    try {
      if (word.matches("-?[0-9]+")) {
        return Long.parseLong(word);
      }
    } catch (NumberFormatException tooLarge) {
      // Told below, with the range.
    }
    throw new NotANumber(option, word, "a whole number up to " + Long.MAX_VALUE);
  }

  /**
   * The boundary as the kernel gives it: a mask, one less than a power of two. Others are left to
   * the builder to refuse.
   */
  private long boundaryMask() throws NotANumber {
    if (boundary == null || boundary.equals(NO_BOUNDARY)) {
      return DmaConstraints.NO_BOUNDARY;
    }
    try {
      if (boundary.matches("[0-9]+")) {
        return Long.parseUnsignedLong(boundary);
      }
    } catch (NumberFormatException tooLarge) {
      // Told below, with what is legal.
    }
    throw new NotANumber("--boundary", boundary, "one less than a power of two, or " + NO_BOUNDARY);
  }
}
