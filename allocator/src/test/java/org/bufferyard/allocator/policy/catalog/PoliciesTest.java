package org.bufferyard.allocator.policy.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.cache.LruPolicy;
import org.junit.jupiter.api.Test;

class PoliciesTest {
  private static final PolicyContext CONTEXT =
      new PolicyContext(100, 10, id -> 1, new SplittableRandom(1));

  @Test
  void byName_known_makesIt() {
    assertThat(Policies.byName("lru", CONTEXT))
        .isInstanceOfSatisfying(
            Outcome.Done.class, done -> assertThat(done.value()).isInstanceOf(LruPolicy.class));
  }

  @Test
  void byName_unknown_refusalListsTheKnown() {
    Outcome<EvictionPolicy> outcome = Policies.byName("lruu", CONTEXT);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> {
              assertThat(refused.refusal().errno()).isEqualTo(Errno.EINVAL);
              assertThat(refused.refusal().reason()).contains("'lruu'", "lru, ", "sieve");
            });
  }

  @Test
  void all_namesAreUniqueAndDescribed() {
    assertThat(Policies.all()).extracting(PolicyProvider::name).doesNotHaveDuplicates();
    assertThat(Policies.all())
        .allSatisfy(
            p -> {
              assertThat(p.name()).matches("[a-z0-9][a-z0-9-]*");
              assertThat(p.description()).isNotBlank().hasSizeLessThan(80);
            });
  }

  @Test
  void byName_thirdPartyOnClassPath_isFound() {
    assertThat(Policies.all())
        .extracting(PolicyProvider::name)
        .contains(ThirdPartyProvider.NAME)
        .filteredOn("lru"::equals)
        .hasSize(1);
    assertThat(Policies.byName(ThirdPartyProvider.NAME, CONTEXT)).isInstanceOf(Outcome.Done.class);
  }
}
