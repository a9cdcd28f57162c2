package org.bufferyard.simulator.dump;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records as trees of maps, lists and plain values, and back. Reading is strict: every component is
 * there and of its kind, and nothing else is; a fault names the place, such as {@code
 * buffers[3].sizeBytes}. For records of records, lists, strings, booleans and whole numbers.
 */
public final class RecordTree {
  /** What is wrong, and where. */
  static final class Fault extends Exception {
    private static final long serialVersionUID = 1;

    Fault(String place, String what) {
      super((place.isEmpty() ? "the file" : place) + ": " + what, null, false, false);
    }
  }

  static Object write(Object value) {
    if (value instanceof List<?> list) {
      List<Object> values = new ArrayList<>(list.size());
      list.forEach(each -> values.add(write(each)));
      return values;
    }
    if (!value.getClass().isRecord()) {
      return value;
    }
    Map<String, Object> fields = components((Record) value);
    fields.replaceAll((name, component) -> write(component));
    return fields;
  }

  private static Object read(RecordComponent component, Object owner) {
    try {
      return component.getAccessor().invoke(owner);
    } catch (ReflectiveOperationException unreadable) {
      throw new IllegalStateException("not a public record: " + component, unreadable);
    }
  }

  /** The components of a public record, by name, in its order. */
  public static Map<String, Object> components(Record value) {
    Map<String, Object> components = new LinkedHashMap<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      components.put(component.getName(), read(component, value));
    }
    return components;
  }

  static <T extends Record> T read(Class<T> type, @Nullable Object tree) throws Fault {
    return record(type, tree, "");
  }

  private static <T extends Record> T record(Class<T> type, @Nullable Object tree, String place)
      throws Fault {
    if (!(tree instanceof Map<?, ?> fields)) {
      throw new Fault(place, "is " + kindOf(tree) + ", an object is expected");
    }
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      String inner = place.isEmpty() ? name : place + "." + name;
      if (!fields.containsKey(name)) {
        throw new Fault(inner, "is missing");
      }
      types[i] = components[i].getType();
      values[i] = value(components[i].getGenericType(), fields.get(name), inner);
    }
    if (fields.size() > components.length) {
      throw new Fault(place, "has an unknown field '" + unknown(fields, components) + "'");
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException unmakeable) {
      throw new IllegalStateException("cannot make a " + type, unmakeable);
    }
  }

  private static String unknown(Map<?, ?> fields, RecordComponent[] components) {
    List<String> known = new ArrayList<>();
    for (RecordComponent component : components) {
      known.add(component.getName());
    }
    return fields.keySet().stream()
        .map(String::valueOf)
        .filter(key -> !known.contains(key))
        .map(RecordTree::printable)
        .findFirst()
        .orElse("");
  }

  private static Object value(Type type, @Nullable Object tree, String place) throws Fault {
    if (type instanceof ParameterizedType list) {
      return list(list.getActualTypeArguments()[0], tree, place);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      return record(plain.asSubclass(Record.class), tree, place);
    }
    if (plain == String.class && tree instanceof String text) {
      if (!text.equals(printable(text))) {
        throw new Fault(place, "holds characters that cannot be printed");
      }
      return text;
    }
    if (plain == boolean.class && tree instanceof Boolean flag) {
      return flag;
    }
    if (plain == long.class && tree instanceof Long number) {
      return number;
    }
    if (plain == int.class && tree instanceof Long number && number == number.intValue()) {
      return number.intValue();
    }
    throw new Fault(place, "is " + kindOf(tree) + ", " + expected(plain) + " is expected");
  }

  private static List<Object> list(Type type, @Nullable Object tree, String place) throws Fault {
    if (!(tree instanceof List<?> items)) {
      throw new Fault(place, "is " + kindOf(tree) + ", a list is expected");
    }
    List<Object> values = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      values.add(value(type, items.get(i), place + "[" + i + "]"));
    }
    return List.copyOf(values);
  }

  /** Text that is safe to show: what is no letter of one line is a question mark. */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .forEach(shown::appendCodePoint);
    return shown.toString();
  }

  private static String expected(Class<?> plain) {
    if (plain == String.class) {
      return "a text";
    }
    return plain == boolean.class ? "true or false" : "a whole number";
  }

  private static String kindOf(@Nullable Object tree) {
    return switch (tree) {
      case null -> "null";
      case Map<?, ?> map -> "an object";
      case List<?> list -> "a list";
      case String text -> "'" + printable(text.substring(0, Math.min(40, text.length()))) + "'";
      default -> tree.toString();
    };
  }

  private RecordTree() {}
}
