package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FreeBitmapTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 128, 4095, 4096, 4097, 300_000})
  void nextAndPrevious_randomMembers_agreeWithTreeSet(int capacity) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(capacity);
    FreeBitmap bitmap = new FreeBitmap(capacity);
    TreeSet<Integer> reference = new TreeSet<>();
    for (int step = 0; step < 5_000; step++) {
      int member = random.nextInt(capacity);
      if (reference.remove(member)) {
        bitmap.remove(member);
      } else if (step % 3 != 0 || capacity < 100) {
        bitmap.add(member);
        reference.add(member);
      }
      int from = random.nextInt(capacity + 2);
      Integer above = reference.ceiling(from);
      Integer below = reference.floor(from);
      String where = "seed and capacity " + capacity + ", step " + step + ", from " + from;
      assertThat(bitmap.next(from)).as(where).isEqualTo(above == null ? -1 : above);
      assertThat(bitmap.previous(from)).as(where).isEqualTo(below == null ? -1 : below);
      assertThat(bitmap.isEmpty()).as(where).isEqualTo(reference.isEmpty());
      assertThat(bitmap.contains(member)).as(where).isEqualTo(reference.contains(member));
    }
  }
}
