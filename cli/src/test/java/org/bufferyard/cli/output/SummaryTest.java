package org.bufferyard.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.cli.CannedRun;
import org.junit.jupiter.api.Test;

class SummaryTest {
  @Test
  void of_cleanRun_isTheTable() {
    assertThat(Summary.of("game, browser", CannedRun.clean()))
        .isEqualTo(
            """
            desktop: game, browser
              policy lru, seed 7, deterministic, contents tags; 4 devices, 12 buffers; 10.0 s of model time in 0.5 s

              requests  export  attach    map  unmap  pin  cpuAccess  release
                            12      20  1,234  1,234    0          0       12
              replies 2,512, refused ENOSPC 3; jobs 1,000, refused 1

              region   capacity       peak      mean
              VRAM    192.0 MiB  192.0 MiB  96.0 MiB  [##########..........]  50 %

              link         moved
              VRAM->GTT  3.0 MiB
              GTT->VRAM  1.0 MiB
              evictions 56, migrations 78, re-faults 9, ping-pongs 2

              lru chose  demands  victims  scanned/victim  updates/victim
              VRAM            40       50            2.50            17.5

              evicted, and then  evictions    bytes  after, mean  cost, mean
              came-back                  1  1.0 MiB     40.00 ms    250.0 us

              useless moves         link  moves    bytes
              game's, evicted  VRAM->GTT      3  3.0 MiB

              would have, without pins, fences, shares  uses  missed    bytes  evicted    bytes
              lru (ruling)                               900      90  9.0 MiB       56  5.0 MiB
              sieve                                      900      45  4.0 MiB       40  4.0 MiB
              regret 1.500: 3.0 MiB fetched or used from afar in 900 accesses, no schedule needs less than 2.0 MiB

              stall   p50      p99    p99.9      max
                     0 ns  1.25 ms  8.00 ms  9.00 ms

              device     path   hook  jobs  refused     read  written   copied
              display   tiler  flush    12        1  1.0 MiB      0 B      0 B
              audio    bounce   none     3        0  4.0 KiB      0 B  4.0 KiB

              side by side          static   dynamic
              memory held, mean   10.0 MiB   8.0 MiB
              memory held, peak   12.0 MiB  12.0 MiB
              of it pinned, mean   9.0 MiB   1.0 MiB
              bytes moved              0 B   5.0 MiB
              frames                    60        60
              frames dropped            15         2
              jobs refused               4         0
              stall p99               0 ns   1.50 ms

              events   100,000, 200,000 per second, hash 0123456789abcdef
              checked  5,678 pages verified against what was last written there
              note     nothing to note
              clean    0 violations; all memory returned
              replay   ./bufferyard run desktop --seed 7 --deterministic
            """);
  }

  @Test
  void time_everyMagnitude_hasItsUnit() {
    assertThat(Figures.time(999)).isEqualTo("999 ns");
    assertThat(Figures.time(1_000)).isEqualTo("1.0 us");
    assertThat(Figures.time(1_234_567)).isEqualTo("1.23 ms");
    assertThat(Figures.time(61_000_000_000L)).isEqualTo("61.00 s");
  }

  @Test
  void size_everyMagnitude_hasItsUnit() {
    assertThat(Figures.size(1023)).isEqualTo("1023 B");
    assertThat(Figures.size(1536)).isEqualTo("1.5 KiB");
    assertThat(Figures.size(5L << 40)).isEqualTo("5.0 TiB");
    assertThat(Figures.size(5L << 50)).isEqualTo("5120.0 TiB");
  }
}
