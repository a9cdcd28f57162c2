package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.rig.TtmYard.P;
import static org.bufferyard.actors.rig.TtmYard.SWAP;
import static org.bufferyard.actors.rig.TtmYard.SYSTEM;
import static org.bufferyard.actors.rig.TtmYard.VRAM;

import java.time.Duration;
import java.util.Optional;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.BufferInfo.Life;
import org.bufferyard.actors.rig.TtmYard;
import org.bufferyard.actors.rig.TtmYard.Bo;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.validate.Place;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ttm_tt_test}: the pages behind a buffer. */
class PagesConformanceTest {
  private boolean failing;
  private final TtmYard yard =
      new TtmYard(
          new Faults() {
            @Override
            public Optional<Refusal> failReserve(String region) {
              return failing
                  ? Optional.of(new Refusal(Errno.ENOSPC, region + " fails"))
                  : Optional.empty();
            }
          });

  @AfterEach
  void close() {
    yard.close();
  }

  @ParameterizedTest
  @CsvSource({"4096, 1", "8192, 2", "8193, 3", "1, 1"})
  void TTT01_init_basic(long sizeBytes, long pages) {
    yard.in(SYSTEM, sizeBytes);
    assertThat(yard.usage(SYSTEM)).isEqualTo(pages * P);
  }

  @Test
  void TTT02_fini_basic() {
    Bo resident = yard.in(SYSTEM, 2 * P);
    Bo swapped = yard.in(SYSTEM, 2 * P);
    yard.validated(swapped, Place.in(SWAP));
    yard.runFor(Duration.ofMillis(1));
    assertThat(yard.usage(SYSTEM)).isEqualTo(2 * P);
    assertThat(yard.usage(SWAP)).isEqualTo(2 * P);
    yard.release(resident);
    yard.release(swapped);
    assertThat(yard.usage(SYSTEM)).isZero();
    assertThat(yard.usage(SWAP)).isZero();
  }

  /** Out to the file and back: two hops of its size, and the pages of the file are free. */
  @Test
  void swap_outAndIn_countsBothWays() {
    Bo bo = yard.in(SYSTEM, 2 * P);
    assertThat(yard.validated(bo, Place.in(SWAP)).movedBytes()).isEqualTo(2 * P);
    assertThat(yard.validated(bo, Place.in(SYSTEM)).movedBytes()).isEqualTo(2 * P);
    yard.runFor(Duration.ofMillis(1));
    assertThat(yard.usage(SWAP)).isZero();
    assertThat(yard.books().moved().stream().mapToLong(link -> link.bytes()).sum())
        .isEqualTo(4 * P);
  }

  @Test
  void TTT03_init_sg() {
    Bo bo = yard.create(3 * P);
    int attachment = yard.attach(bo);
    yard.pin(bo, attachment);
    assertThat(yard.info(bo).life()).isEqualTo(Life.RESIDENT);
    assertThat(yard.info(bo).runs()).isPositive();
  }

  @Test
  void TTT04_create_basic() {
    Bo bo = yard.create(P);
    failing = true;
    assertThat(yard.refused(bo, Place.in(VRAM)).refusal().errno()).isEqualTo(Errno.ENOMEM);
    failing = false;
    long generation = yard.validated(bo, Place.in(VRAM)).generation();
    assertThat(yard.validated(bo, Place.in(VRAM)).generation()).isEqualTo(generation);
  }
}
