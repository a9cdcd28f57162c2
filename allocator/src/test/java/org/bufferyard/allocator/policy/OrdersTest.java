package org.bufferyard.allocator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OrdersTest {
  private static final int IDS = 30;

  /** Lists that do the same, slowly. */
  private final List<List<Integer>> model = new ArrayList<>();

  private Orders orders = new Orders(1, 0);

  @Test
  void anyOperation_againstLists_same() {
    for (long seed = 1; seed <= 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      orders = new Orders(1, 0);
      model.clear();
      model.add(new ArrayList<>());
      for (int step = 0; step < 2000; step++) {
        step(random);
        if (step % 50 == 0) {
          assertSame(seed, step);
        }
      }
    }
  }

  private void step(SplittableRandom random) {
    int id = random.nextInt(IDS);
    int where = orderOf(id);
    int order = where >= 0 ? where : random.nextInt(model.size());
    List<Integer> list = model.get(order);
    switch (random.nextInt(8)) {
      case 0 -> add(where, order, list, id, list.size());
      case 1 -> add(where, order, list, id, 0);
      case 2 -> add(where, order, list, id, random.nextInt(list.size() + 1));
      case 3 -> remove(where, order, list, id);
      case 4, 5 -> makeNewest(where, order, list, id);
      case 6 -> makeRunNewest(where, order, list, id, random);
      default -> grow(random);
    }
  }

  private int orderOf(int id) {
    for (int order = 0; order < model.size(); order++) {
      if (model.get(order).contains(id)) {
        return order;
      }
    }
    return -1;
  }

  private void add(int where, int order, List<Integer> list, int id, int at) {
    if (where >= 0) {
      return;
    }
    if (at == list.size()) {
      orders.addNewest(order, id);
    } else if (at == 0) {
      orders.addOldest(order, id);
    } else {
      orders.addNewerThan(order, list.get(at - 1), id);
    }
    list.add(at, id);
  }

  private void remove(int where, int order, List<Integer> list, int id) {
    if (where >= 0) {
      orders.remove(order, id);
      list.removeIf(other -> other == id);
    }
  }

  private void makeNewest(int where, int order, List<Integer> list, int id) {
    if (where >= 0) {
      orders.makeNewest(order, id);
      list.removeIf(other -> other == id);
      list.add(id);
    }
  }

  private void makeRunNewest(
      int where, int order, List<Integer> list, int id, SplittableRandom random) {
    if (where >= 0) {
      int first = list.indexOf(id);
      int last = first + random.nextInt(list.size() - first);
      orders.makeRunNewest(order, list.get(first), list.get(last));
      Collections.rotate(list.subList(first, list.size()), list.size() - 1 - last);
    }
  }

  private void grow(SplittableRandom random) {
    if (random.nextInt(100) == 0) {
      orders.ensureOrders(model.size() + 1);
      model.add(new ArrayList<>());
    }
  }

  private void assertSame(long seed, int step) {
    for (int order = 0; order < model.size(); order++) {
      String where = "seed=" + seed + " step=" + step + " order=" + order;
      List<Integer> forward = new ArrayList<>();
      for (int id = orders.oldest(order); id >= 0; id = orders.newerThan(id)) {
        forward.add(id);
      }
      List<Integer> backward = new ArrayList<>();
      for (int id = orders.newest(order); id >= 0; id = orders.olderThan(id)) {
        backward.add(0, id);
      }
      assertThat(forward).as(where).isEqualTo(model.get(order));
      assertThat(backward).as(where).isEqualTo(model.get(order));
      assertThat(orders.size(order)).as(where).isEqualTo(model.get(order).size());
    }
  }
}
