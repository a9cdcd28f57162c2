package org.bufferyard.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExhaustiveTest {
  @Test
  void check_permutationsOfFive_all120Once() {
    Set<List<String>> seen = new LinkedHashSet<>();
    long cases =
        Exhaustive.check(
            choices -> {
              List<String> left = new ArrayList<>(List.of("a", "b", "c", "d", "e"));
              List<String> permutation = new ArrayList<>();
              while (!left.isEmpty()) {
                permutation.add(left.remove(choices.below(left.size())));
              }
              assertThat(seen.add(permutation)).isTrue();
            });
    assertThat(cases).isEqualTo(120);
    assertThat(seen).hasSize(120);
  }

  @Test
  void check_laterBoundsDependOnEarlierChoices_everyCombination() {
    List<String> seen = new ArrayList<>();
    Exhaustive.check(
        choices -> {
          int length = choices.between(0, 2);
          StringBuilder word = new StringBuilder();
          for (int i = 0; i < length; i++) {
            word.append(choices.flag() ? 'x' : 'o');
          }
          seen.add(word.toString());
        });
    assertThat(seen).containsExactly("", "o", "x", "oo", "ox", "xo", "xx");
  }

  @Test
  void check_noChoice_oneCase() {
    assertThat(Exhaustive.check(choices -> {})).isEqualTo(1);
  }

  @Test
  void check_failure_namesTheChoices() {
    assertThatThrownBy(
            () ->
                Exhaustive.check(
                    choices -> {
                      int a = choices.below(3);
                      String b = choices.of("p", "q");
                      assertThat(a + b).isNotEqualTo("1q");
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("case 4, choices [1, 1]: ");
  }

  @Test
  void check_bodyDependsOnSomethingElse_refused() {
    int[] calls = {0};
    assertThatThrownBy(() -> Exhaustive.check(choices -> choices.below(3 - calls[0]++)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("must depend on its choices alone");
    int[] more = {2};
    assertThatThrownBy(
            () ->
                Exhaustive.check(
                    choices -> {
                      for (int i = 0; i < more[0]; i++) {
                        choices.flag();
                      }
                      more[0] = 1;
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("drew 1 choices after drawing 2");
  }

  @Test
  void assertReached_missingMark_namesIt() {
    Marks marks = new Marks();
    Exhaustive.check(
        choices -> {
          if (choices.below(4) == 3) {
            marks.hit("last of four");
          }
        });
    marks.assertReached("last of four");
    assertThat(marks.count("last of four")).isEqualTo(1);
    assertThatThrownBy(() -> marks.assertReached("last of four", "fifth"))
        .isInstanceOf(AssertionError.class)
        .hasMessage("never reached: [fifth]; reached: {last of four=1}");
  }
}
