package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bufferyard.allocator.iommu.Domains.ANY;
import static org.bufferyard.allocator.iommu.Domains.IN;
import static org.bufferyard.allocator.iommu.Domains.P;
import static org.bufferyard.allocator.iommu.Domains.SMALL;
import static org.bufferyard.allocator.iommu.Domains.frames;
import static org.bufferyard.allocator.iommu.Domains.refuses;
import static org.bufferyard.allocator.region.Regions.done;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.sg.SgTable;
import org.junit.jupiter.api.Test;

/** Batches whose members leave in every combination; the cache of mapped tables. */
class BatchLimitsTest {
  private final IommuDomain domain = new IommuDomain(SMALL);

  @Test
  void mapBatchPfns_arguments_atTheirLimits() {
    long[] pfns = new long[8];
    for (int[] wrong :
        new int[][] {{-1, 1, 1}, {0, 0, 1}, {0, 1, 0}, {0, -1, -1}, {7, 2, 1}, {0, 9, 1}}) {
      assertThat(domain.mapBatchPfns(pfns, wrong[0], wrong[1], wrong[2], IN, ANY)).isEqualTo(-22);
      assertThat(domain.refusal().reason())
          .isEqualTo(
              "buffers outside the array, from=%d, buffers=%d, pagesEach=%d, of 8"
                  .formatted(wrong[0], wrong[1], wrong[2]));
    }
    DmaConstraints aligned = ANY.withAlignBytes(4 * P);
    assertThat(domain.mapBatchPfns(pfns, 0, 4, 2, IN, aligned)).isEqualTo(-22);
    assertThat(domain.refusal().reason()).isEqualTo("members not aligned, alignBytes=16384");
    assertThat(domain.mappings()).isZero();
    long handle = domain.mapBatchPfns(pfns, 0, 2, 4, IN, aligned);
    assertThat(domain.batchIova(handle) % (4 * P)).isZero();
    long second = domain.mapBatchPfns(pfns, 7, 1, 1, IN, ANY);
    assertThat(second).isPositive().isNotEqualTo(handle);
    assertThat(domain.batchIova(second)).isNotEqualTo(domain.batchIova(handle));
    assertThat(domain.mappings()).isEqualTo(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> domain.batchIova(77))
        .withMessage("no such batch, handle=77");
  }

  @Test
  void unmapBatch_afterSomeMembersLeft_removesTheRest() {
    for (int left = 0; left < 8; left++) {
      IommuDomain fresh = new IommuDomain(SMALL);
      DmaConstraints aligned = ANY.withAlignBytes(4 * P);
      MappedBatch batch =
          done(fresh.mapBatch(List.of(frames(1, 3), frames(5), frames(7, 9, 11)), IN, aligned));
      assertThat(batch.iovaBytes()).isEqualTo(11 * P);
      long[] pages = {2, 1, 3};
      long expected = 6;
      for (int member = 0; member < 3; member++) {
        if ((left >> member & 1) != 0) {
          assertThat(done(fresh.unmapMember(batch.handle(), member)).pages())
              .isEqualTo(pages[member]);
          expected -= pages[member];
        }
      }
      if (left == 7) {
        refuses(
            fresh,
            Errno.ENOENT,
            "no such batch, handle=" + batch.handle(),
            () -> fresh.unmapBatch(batch.handle()));
      } else {
        assertThat(fresh.iovaPagesInUse()).isEqualTo(16);
        assertThat(done(fresh.unmapBatch(batch.handle())).pages()).isEqualTo(expected);
      }
      assertThat(fresh.iovaPagesInUse()).isZero();
      assertThat(fresh.mappings()).isZero();
      assertThat(fresh.mappedPages()).isZero();
      assertThat(fresh.tables()).isOne();
    }
  }

  @Test
  void unmapMember_refusals_nameTheMember() {
    MappedBatch batch = done(domain.mapBatch(List.of(frames(1), frames(3)), IN, ANY));
    refuses(
        domain,
        Errno.EINVAL,
        "no such member, member=2, of 2",
        () -> domain.unmapMember(batch.handle(), 2));
    refuses(
        domain,
        Errno.EINVAL,
        "no such member, member=-1, of 2",
        () -> domain.unmapMember(batch.handle(), -1));
    refuses(domain, Errno.ENOENT, "no such batch, handle=99", () -> domain.unmapMember(99, 0));
    done(domain.unmapMember(batch.handle(), 0));
    refuses(
        domain,
        Errno.ENOENT,
        "member unmapped before, member=0",
        () -> domain.unmapMember(batch.handle(), 0));
  }

  @Test
  void cache_random_asAList() {
    MappingCache cache = new MappingCache();
    SgTable table = done(domain.map(frames(3), IN, ANY));
    List<DmaDirection> ways =
        List.of(DmaDirection.TO_DEVICE, DmaDirection.FROM_DEVICE, DmaDirection.BIDIRECTIONAL);
    for (int round = 0; round < 3; round++) {
      for (long buffer = 0; buffer < 40; buffer++) {
        for (int generation = 0; generation < 3; generation++) {
          int signature = cache.signatureOf(ANY.withMaxSegments(1 + round), ways.get(generation));
          assertThat(cache.acquire(buffer, generation, signature)).isNull();
          cache.add(buffer, generation, signature, table);
          long one = buffer;
          long two = generation;
          assertThatIllegalArgumentException()
              .isThrownBy(() -> cache.add(one, two, signature, table))
              .withMessage("cached already, buffer=" + one + ", generation=" + two);
          for (long user = 0; user < buffer % 3; user++) {
            assertThat(cache.acquire(buffer, generation, signature)).isSameAs(table);
          }
        }
      }
      assertThat(cache.size()).isEqualTo(120);
      for (long buffer = 39; buffer >= 0; buffer--) {
        List<String> seen = new ArrayList<>();
        long users = 1 + buffer % 3;
        assertThat(cache.drain(buffer, (gone, way, left) -> seen.add(way + " " + left)))
            .isEqualTo(3);
        assertThat(seen)
            .containsExactlyInAnyOrder(
                "TO_DEVICE " + users, "FROM_DEVICE " + users, "BIDIRECTIONAL " + users);
        assertThat(cache.size()).isEqualTo((int) (3 * buffer));
        assertThat(cache.drain(buffer, (gone, way, left) -> seen.clear())).isZero();
      }
    }
  }

  @Test
  void cache_randomDrains_leaveEveryOtherBuffer() {
    MappingCache cache = new MappingCache();
    SgTable table = done(domain.map(frames(3), IN, ANY));
    int signature = cache.signatureOf(ANY, IN);
    SplittableRandom random = new SplittableRandom(5);
    BitSet present = new BitSet();
    for (int step = 0; step < 2000; step++) {
      int buffer = random.nextInt(60);
      if (present.get(buffer)) {
        assertThat(cache.drain(buffer, (gone, way, users) -> {})).isOne();
      } else {
        cache.add(buffer, 0, signature, table);
      }
      present.flip(buffer);
      assertThat(cache.size()).isEqualTo(present.cardinality());
      for (int other = 0; other < 60; other++) {
        assertThat(cache.acquire(other, 0, signature) != null).isEqualTo(present.get(other));
      }
    }
  }
}
