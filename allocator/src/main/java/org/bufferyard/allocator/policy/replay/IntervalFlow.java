package org.bufferyard.allocator.policy.replay;

import java.util.Arrays;

/**
 * The cheapest way to send the size of each interval from its first moment to its last: along the
 * line of moments, free of charge and at most {@code capacity} a step, or past it at the interval's
 * price. A network simplex whose first tree is the line itself: all intervals go past it.
 *
 * <p>The tree hangs from the last moment. It stays <em>strongly feasible</em> (from every node some
 * flow could still be sent to the root), which is what keeps degenerate pivots from circling:
 * Cunningham, Mathematical Programming 1976; Ahuja, Magnanti and Orlin, Network Flows, chapter 11.
 */
final class IntervalFlow {
  /*
   * Arcs [0, intervals) are the intervals' ways past the line, arc intervals + k goes from moment k
   * to moment k + 1. flow[arc] is within [0, cap[arc]]. Of a node: the tree arc to its parent, the
   * parent, its children as a list of siblings, its depth, its potential.
   */
  private static final int NONE = -1;
  private static final double TOLERANCE = 1e-11;

  private final int intervals;
  private final int arcs;
  private final int[] tail;
  private final int[] head;
  private final long[] cap;
  private final long[] flow;
  private final double[] price;
  private final double scale;
  private final boolean[] inTree;

  private final int[] parent;
  private final int[] parentArc;
  private final int[] depth;
  private final int[] child;
  private final int[] older;
  private final int[] younger;
  private final double[] potential;
  private final int[] stack;
  private int nextArc;

  /** What the cycle of a pivot lets through. */
  private long leastRoom;

  /**
   * The node whose arc to its parent leaves the tree, or none where the entering arc just fills.
   */
  private int leaving;

  private boolean leavesFirstSide;

  IntervalFlow(int[] from, int[] to, long[] size, double[] price, int moments, long capacity) {
    intervals = from.length;
    arcs = intervals + moments - 1;
    tail = Arrays.copyOf(from, arcs);
    head = Arrays.copyOf(to, arcs);
    cap = Arrays.copyOf(size, arcs);
    flow = Arrays.copyOf(size, arcs);
    this.price = Arrays.copyOf(price, arcs);
    inTree = new boolean[arcs];
    parent = new int[moments];
    parentArc = new int[moments];
    depth = new int[moments];
    child = new int[moments];
    older = new int[moments];
    younger = new int[moments];
    potential = new double[moments];
    stack = new int[moments];
    double dearest = 0;
    for (double each : price) {
      dearest = Math.max(dearest, each);
    }
    scale = dearest;
    for (int moment = 0; moment < moments; moment++) {
      layMoment(moment, moments, capacity);
    }
  }

  private void layMoment(int moment, int moments, long capacity) {
    boolean last = moment == moments - 1;
    parent[moment] = last ? NONE : moment + 1;
    parentArc[moment] = last ? NONE : intervals + moment;
    depth[moment] = moments - 1 - moment;
    child[moment] = moment - 1;
    older[moment] = NONE;
    younger[moment] = NONE;
    if (!last) {
      tail[intervals + moment] = moment;
      head[intervals + moment] = moment + 1;
      cap[intervals + moment] = capacity;
      inTree[intervals + moment] = true;
    }
  }

  void solve() {
    for (int arc = entering(); arc != NONE; arc = entering()) {
      pivot(arc);
    }
  }

  /** A lower bound of the cost, whatever the potentials are; the cost itself at the end. */
  double dual() {
    double value = 0;
    for (int arc = 0; arc < arcs; arc++) {
      double reduced = reduced(arc);
      if (arc < intervals) {
        value += cap[arc] * Math.min(price[arc], price[arc] - reduced);
      } else {
        value += cap[arc] * Math.min(0, reduced);
      }
    }
    return value;
  }

  private double reduced(int arc) {
    return price[arc] + potential[tail[arc]] - potential[head[arc]];
  }

  /** An arc of the next block whose flow should change, the one that gains most by unit. */
  private int entering() {
    int block = Math.max(64, (int) Math.sqrt(arcs));
    int best = NONE;
    double most = TOLERANCE * scale;
    int left = block;
    for (int seen = 0; seen < arcs; seen++) {
      int arc = nextArc;
      nextArc = nextArc + 1 == arcs ? 0 : nextArc + 1;
      double gain = inTree[arc] ? 0 : flow[arc] == 0 ? -reduced(arc) : reduced(arc);
      if (gain > most) {
        most = gain;
        best = arc;
      }
      if (--left == 0) {
        if (best != NONE) {
          return best;
        }
        left = block;
      }
    }
    return best;
  }

  /**
   * Sends what fits round the cycle that {@code arc} closes: along it where it is empty, against it
   * where it is full.
   */
  private void pivot(int arc) {
    boolean forward = flow[arc] == 0;
    int first = forward ? tail[arc] : head[arc];
    int second = forward ? head[arc] : tail[arc];
    int join = join(first, second);
    leastRoom = cap[arc];
    leaving = NONE;
    narrowest(first, join, true);
    narrowest(second, join, false);
    if (leastRoom > 0) {
      flow[arc] += forward ? leastRoom : -leastRoom;
      send(first, join, true);
      send(second, join, false);
    }
    if (leaving != NONE) {
      inTree[arc] = true;
      inTree[parentArc[leaving]] = false;
      hang(leavesFirstSide ? first : second, leavesFirstSide ? second : first, arc);
    }
  }

  private int join(int first, int second) {
    int one = first;
    int other = second;
    while (one != other) {
      if (depth[one] >= depth[other]) {
        one = parent[one];
      } else {
        other = parent[other];
      }
    }
    return one;
  }

  /**
   * The cycle runs from the join down to the first node, over the arc, and up from the second. Of
   * equally narrow arcs the last one on that way leaves.
   */
  private void narrowest(int from, int join, boolean down) {
    for (int node = from; node != join; node = parent[node]) {
      int arc = parentArc[node];
      boolean along = (tail[arc] == node) != down;
      long room = along ? cap[arc] - flow[arc] : flow[arc];
      if (down ? room < leastRoom : room <= leastRoom) {
        leastRoom = room;
        leaving = node;
        leavesFirstSide = down;
      }
    }
  }

  private void send(int from, int join, boolean down) {
    for (int node = from; node != join; node = parent[node]) {
      int arc = parentArc[node];
      boolean along = (tail[arc] == node) != down;
      flow[arc] += along ? leastRoom : -leastRoom;
    }
  }

  /** Cuts the part of the tree around {@code inner} off above {@link #leaving} and ties it anew. */
  private void hang(int inner, int outer, int arc) {
    int node = inner;
    int newParent = outer;
    int newArc = arc;
    boolean done = false;
    while (!done) {
      int oldParent = parent[node];
      int oldArc = parentArc[node];
      done = node == leaving;
      detach(node);
      attach(node, newParent, newArc);
      newParent = node;
      newArc = oldArc;
      node = oldParent;
    }
    double wanted = potential[outer] + (tail[arc] == inner ? -price[arc] : price[arc]);
    settle(inner, wanted - potential[inner]);
  }

  private void detach(int node) {
    if (older[node] != NONE) {
      younger[older[node]] = younger[node];
    } else {
      child[parent[node]] = younger[node];
    }
    if (younger[node] != NONE) {
      older[younger[node]] = older[node];
    }
  }

  private void attach(int node, int newParent, int arc) {
    parent[node] = newParent;
    parentArc[node] = arc;
    older[node] = NONE;
    younger[node] = child[newParent];
    if (child[newParent] != NONE) {
      older[child[newParent]] = node;
    }
    child[newParent] = node;
  }

  /** Depths and potentials of the part below {@code top}. */
  private void settle(int top, double shift) {
    int size = 0;
    stack[size++] = top;
    while (size > 0) {
      int node = stack[--size];
      depth[node] = depth[parent[node]] + 1;
      potential[node] += shift;
      for (int below = child[node]; below != NONE; below = younger[below]) {
        stack[size++] = below;
      }
    }
  }
}
