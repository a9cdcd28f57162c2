package org.bufferyard.testkit;

import akka.actor.ActorPath;
import akka.actor.typed.ActorRef;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit hash over all objects reachable from one: their classes, their fields by name, and which
 * refers to which, whatever that looks like. Objects are numbered in the order in which they are
 * first met, so cycles end, and equal graphs hash alike in every JVM; nothing is called on them but
 * what the JDK's own containers need. For one use, by one thread.
 *
 * <p>What {@link Opacity} says is opaque, and what the JDK keeps to itself, counts by its class's
 * name. Containers without an order count as the sum of their elements.
 */
final class ObjectHash {
  private final Opacity opacity;

  /** Objects that count as a word, for they are hashed elsewhere. */
  private final IdentityHashMap<Object, String> borders;

  private final IdentityHashMap<Object, Integer> numbers = new IdentityHashMap<>();
  private final ArrayDeque<Object> unread = new ArrayDeque<>();
  private long hash;

  ObjectHash(Opacity opacity, IdentityHashMap<Object, String> borders) {
    this.opacity = opacity;
    this.borders = borders;
  }

  long of(@Nullable Object root) {
    meet(root);
    for (Object next = unread.poll(); next != null; next = unread.poll()) {
      read(next);
    }
    return hash;
  }

  private void add(long word) {
    hash = SplitMix64.mix(hash * 31 + word);
  }

  private void add(String text) {
    add(SplitMix64.hash(text));
  }

  /** A reference: the value itself where it has no identity, else the object's number. */
  private void meet(@Nullable Object value) {
    switch (value) {
      case null -> add(0);
      case String text -> add(text);
      case Number number when isBoxed(number) -> addBoxed(number);
      case Boolean flag -> add(flag ? 1 : 2);
      case Character letter -> add(letter);
      case Enum<?> constant -> add(constant.name());
      case Class<?> type -> add(Identity.className(type));
      case ActorRef<?> ref -> add(Identity.stableName(ref.path()));
      case akka.actor.ActorRef ref -> add(Identity.stableName(ref.path()));
      case ActorPath path -> add(Identity.stableName(path));
      default -> meetObject(value);
    }
  }

  private void meetObject(Object value) {
    String border = borders.get(value);
    Integer number = numbers.get(value);
    if (border != null && !numbers.isEmpty()) {
      add(border);
    } else if (number != null) {
      add(number);
    } else {
      numbers.put(value, numbers.size() + 1);
      add(Identity.className(value.getClass()));
      unread.add(value);
    }
  }

  private static boolean isBoxed(Number number) {
    return number instanceof Long
        || number instanceof Integer
        || number instanceof Double
        || number instanceof Float
        || number instanceof Short
        || number instanceof Byte;
  }

  private void addBoxed(Number number) {
    boolean real = number instanceof Double || number instanceof Float;
    add(real ? Double.doubleToRawLongBits(number.doubleValue()) : number.longValue());
  }

  private void read(Object object) {
    switch (object) {
      case Object[] array -> readAll(List.of(array.length), java.util.Arrays.asList(array));
      case Map<?, ?> map -> readMap(map);
      case Collection<?> all -> readCollection(all);
      case Optional<?> maybe -> meet(maybe.orElse(null));
      case BitSet bits -> readArray(bits.toLongArray());
      case Number counter -> add(counter.longValue());
      case AtomicBoolean flag -> add(flag.get() ? 1 : 2);
      case CharSequence text -> add(text.toString());
      default -> readOther(object);
    }
  }

  private void readOther(Object object) {
    if (object.getClass().isArray()) {
      readArray(object);
    } else if (!opacity.hides(object)) {
      for (Fields.One field : Fields.of(object.getClass())) {
        add(field.nameHash());
        meet(field.of(object));
      }
    }
  }

  private void readArray(Object array) {
    int length = Array.getLength(array);
    add(length);
    switch (array) {
      case long[] column -> {
        for (long word : column) {
          add(word);
        }
      }
      case int[] column -> {
        for (int word : column) {
          add(word);
        }
      }
      case byte[] column -> {
        for (byte word : column) {
          add(word);
        }
      }
      default -> {
        for (int i = 0; i < length; i++) {
          meet(Array.get(array, i));
        }
      }
    }
  }

  private void readAll(Collection<?> head, Collection<?> elements) {
    head.forEach(this::meet);
    elements.forEach(this::meet);
  }

  private void readCollection(Collection<?> all) {
    boolean ordered =
        all instanceof List
            || all instanceof Deque
            || all instanceof LinkedHashSet
            || all instanceof SortedSet;
    if (ordered) {
      readAll(List.of(all.size()), all);
    } else {
      add(all.stream().mapToLong(this::alone).sum());
    }
  }

  private void readMap(Map<?, ?> map) {
    boolean ordered =
        map instanceof LinkedHashMap || map instanceof SortedMap || map instanceof EnumMap;
    if (ordered) {
      add(map.size());
      map.forEach(
          (key, value) -> {
            meet(key);
            meet(value);
          });
    } else {
      add(
          map.entrySet().stream()
              .mapToLong(each -> SplitMix64.mix(alone(each.getKey()) * 31 + alone(each.getValue())))
              .sum());
    }
  }

  private long alone(@Nullable Object element) {
    return new ObjectHash(opacity, borders).of(element);
  }
}
