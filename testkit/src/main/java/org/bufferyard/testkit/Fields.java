package org.bufferyard.testkit;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The instance fields of a class and those above it, by name. */
final class Fields {
  /** One field, whatever its access. */
  record One(Field field, String name, long nameHash) {
    @Nullable Object of(Object owner) {
      try {
        return field.get(owner);
      } catch (IllegalAccessException closed) {
        throw new IllegalStateException("cannot read " + field, closed);
      }
    }
  }

  private static final ClassValue<List<One>> KNOWN =
      new ClassValue<>() {
        @Override
        protected List<One> computeValue(Class<?> type) {
          return find(type);
        }
      };

  static List<One> of(Class<?> type) {
    return KNOWN.get(type);
  }

  private static List<One> find(Class<?> type) {
    List<One> found = new ArrayList<>();
    for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && field.trySetAccessible()) {
          found.add(new One(field, field.getName(), SplitMix64.hash(field.getName())));
        }
      }
    }
    found.sort(Comparator.comparing(One::name));
    return List.copyOf(found);
  }

  private Fields() {}
}
