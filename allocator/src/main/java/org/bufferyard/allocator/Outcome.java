package org.bufferyard.allocator;

/** Either a value or the reason there is none. Operating errors are values, never exceptions. */
public sealed interface Outcome<T> {
  record Done<T>(T value) implements Outcome<T> {}

  record Refused<T>(Refusal refusal) implements Outcome<T> {}

  static <T> Outcome<T> done(T value) {
    return new Done<>(value);
  }

  static <T> Outcome<T> refused(Errno errno, String reason) {
    return new Refused<>(new Refusal(errno, reason));
  }

  static <T> Outcome<T> refused(Refusal refusal) {
    return new Refused<>(refusal);
  }
}
