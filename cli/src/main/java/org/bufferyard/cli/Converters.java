package org.bufferyard.cli;

import java.util.Locale;
import org.bufferyard.actors.sanitizer.Sampling;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.simulator.fault.FaultSpec;
import org.bufferyard.simulator.fault.FaultText;
import org.bufferyard.simulator.scenario.Contents;
import org.bufferyard.simulator.scenario.Quantity;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Option values from text; a refusal says what is legal. */
final class Converters {
  private static final long DURATION_NANOS_MIN = 1_000_000;
  private static final long DURATION_NANOS_MAX = 24L * 3_600 * 1_000_000_000;
  private static final long VRAM_BYTES_MAX = 1L << 44;
  private static final long BUFFER_BYTES_MAX = 1L << 44;
  private static final double SPEED_MIN = 0.001;
  private static final double SPEED_MAX = 1_000_000;

  /** A whole number from 0. */
  static final class Seed implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        if (text.matches("[0-9]+")) {
          return Long.parseLong(text);
        }
      } catch (NumberFormatException tooLarge) {
        // Told below, with the range.
      }
      throw refused(text, "a whole number of 0 to " + Long.MAX_VALUE);
    }
  }

  /** Model seconds per wall second. */
  static final class Speed implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      if (text.matches("[0-9]{1,7}(\\.[0-9]{1,6})?")) {
        double speed = Double.parseDouble(text);
        if (speed >= SPEED_MIN && speed <= SPEED_MAX) {
          return speed;
        }
      }
      throw refused(text, "a number of 0.001 to 1000000");
    }
  }

  /** Which buffers are checked. */
  static final class SamplingWord implements ITypeConverter<Sampling> {
    @Override
    public Sampling convert(String text) {
      return Sampling.of(text)
          .orElseThrow(() -> refused(text, "all, off, or 1/N with N of 1 to 1000000"));
    }
  }

  /** Nanoseconds, from a time with a unit. */
  static final class Duration implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return done(Quantity.timeNanos(text, DURATION_NANOS_MIN, DURATION_NANOS_MAX));
    }
  }

  /** Bytes, from a size with a unit. */
  static final class BufferSize implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return done(Quantity.sizeBytes(text, 1, BUFFER_BYTES_MAX));
    }
  }

  /** Bytes in whole pages, from a size with a unit. */
  static final class VramSize implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      long sizeBytes = done(Quantity.sizeBytes(text, Pages.SIZE_BYTES, VRAM_BYTES_MAX));
      if ((sizeBytes & Pages.OFFSET_MASK) != 0) {
        throw refused(text, "a multiple of 4 KiB");
      }
      return sizeBytes;
    }
  }

  /** {@code bytes} or {@code tags}. */
  static final class ContentsWord implements ITypeConverter<Contents> {
    @Override
    public Contents convert(String text) {
      for (Contents contents : Contents.values()) {
        if (contents.name().toLowerCase(Locale.ROOT).equals(text)) {
          return contents;
        }
      }
      throw refused(text, "bytes or tags");
    }
  }

  /** A fault of the catalogue. */
  static final class FaultWord implements ITypeConverter<FaultSpec> {
    @Override
    public FaultSpec convert(String text) {
      return done(FaultText.parse(text));
    }
  }

  /** {@code A..B}, both included, of whole numbers from 0; or one number. */
  static final class SeedRange implements ITypeConverter<SeedSpan> {
    @Override
    public SeedSpan convert(String text) {
      String[] ends = text.split("\\.\\.", 2);
      Seed seed = new Seed();
      SeedSpan span = new SeedSpan(seed.convert(ends[0]), seed.convert(ends[ends.length - 1]));
      if (span.last() < span.first()) {
        throw refused(text, "a range A..B with A at most B");
      }
      return span;
    }
  }

  private static <T> T done(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Refused<T>(var refusal) -> throw new TypeConversionException(refusal.reason());
    };
  }

  private static TypeConversionException refused(String text, String legal) {
    return new TypeConversionException("'" + text + "' is not " + legal);
  }

  private Converters() {}
}
