package dev.penstock.core.http1;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a fuzzing run has been: how many bytes met each state of each parser, how often one was
 * refused there, and every refusal by target. States are read out of the parsers' private fields,
 * so that the parsers need nothing for it.
 */
final class FuzzCoverage {
  /** One state machine, and the fields that lead from a parser to its state. */
  static final class Machine {
    private final String name;
    private final List<Field> road = new ArrayList<>();
    private final List<Object> states;

    Machine(String name, Class<?> parser, String... fields) {
      this.name = name;
      try {
        Class<?> owner = parser;
        for (String each : fields) {
          Field field = owner.getDeclaredField(each);
          field.setAccessible(true);
          road.add(field);
          owner = field.getType();
        }
        states = List.of(Objects.requireNonNull(owner.getEnumConstants(), "no enum"));
      } catch (ReflectiveOperationException renamed) {
        throw new IllegalStateException("a parser's state is found no more", renamed);
      }
    }

    Object stateOf(Object parser) {
      try {
        Object at = parser;
        for (Field field : road) {
          at = Objects.requireNonNull(field.get(at), field.getName());
        }
        return at;
      } catch (ReflectiveOperationException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  /** A state that reads the next byte. */
  record At(Machine machine, Object state) {
    boolean isEnd() {
      return ENDS.contains(state.toString());
    }

    @Override
    public String toString() {
      return machine.name + " " + state;
    }
  }

  /** No byte is read in these. */
  private static final Set<String> ENDS = Set.of("ENDED", "REFUSED", "OVER");

  /** Every byte is good in these: they are payload. */
  private static final Set<String> PAYLOAD = Set.of("body DATA", "body CHUNK_DATA");

  private static final Machine BODY = new Machine("body", BodyDecoder.class, "state");
  private static final Machine CHUNK_LINE =
      new Machine("chunk line", BodyDecoder.class, "chunkLine", "state");
  private static final Machine TRAILERS =
      new Machine("trailers", BodyDecoder.class, "trailerLines", "state");
  private static final List<Machine> REQUEST =
      List.of(
          new Machine("request start", RequestHead.class, "leading"),
          new Machine("request line", RequestHead.class, "line", "state"),
          new Machine("request fields", RequestHead.class, "lines", "state"));
  private static final List<Machine> RESPONSE =
      List.of(
          new Machine("status line", ResponseHead.class, "line", "state"),
          new Machine("response fields", ResponseHead.class, "lines", "state"));

  /** How many bytes were read in a state, and how many of them were refused. */
  private static final class Count {
    long read;
    long refused;
  }

  private final Map<At, Count> states = new LinkedHashMap<>();
  private final Map<FuzzTarget, Map<Refusal, Long>> refusals = new EnumMap<>(FuzzTarget.class);
  private final Map<FuzzTarget, Map<Progress, Long>> results = new EnumMap<>(FuzzTarget.class);

  FuzzCoverage() {
    List<Machine> machines = new ArrayList<>(REQUEST);
    machines.addAll(RESPONSE);
    machines.addAll(List.of(BODY, CHUNK_LINE, TRAILERS));
    for (Machine machine : machines) {
      for (Object state : machine.states) {
        states.put(new At(machine, state), new Count());
      }
    }
    for (FuzzTarget target : FuzzTarget.values()) {
      refusals.put(target, new EnumMap<>(Refusal.class));
      results.put(target, new EnumMap<>(Progress.class));
    }
  }

  /** Which states a parser that has not ended will read its next byte in. */
  List<At> before(RequestHead head) {
    return List.of(firstOpen(head, REQUEST));
  }

  List<At> before(ResponseHead head) {
    return List.of(firstOpen(head, RESPONSE));
  }

  List<At> before(BodyDecoder body) {
    At outer = firstOpen(body, List.of(BODY));
    return switch (outer.state.toString()) {
      case "CHUNK_LINE" -> List.of(outer, firstOpen(body, List.of(CHUNK_LINE)));
      case "TRAILERS" -> List.of(outer, firstOpen(body, List.of(TRAILERS)));
      default -> List.of(outer);
    };
  }

  private static At firstOpen(Object parser, List<Machine> inOrder) {
    for (Machine machine : inOrder) {
      At at = new At(machine, machine.stateOf(parser));
      if (!at.isEnd()) {
        return at;
      }
    }
    throw new AssertionError("a byte for a parser that has ended");
  }

  /** What the parser said to that byte. */
  void after(List<At> at, Progress progress) {
    for (At each : at) {
      Count count = of(states, each);
      count.read++;
      count.refused += progress == Progress.REFUSED ? 1 : 0;
    }
  }

  void result(FuzzTarget target, Progress progress) {
    of(results, target).merge(progress, 1L, Long::sum);
  }

  void refusal(FuzzTarget target, Refusal why) {
    of(refusals, target).merge(why, 1L, Long::sum);
  }

  /** What was never reached; empty after a run that counts. */
  Set<String> missing() {
    Set<String> missing = new TreeSet<>();
    states.forEach((at, count) -> {
      if (at.isEnd()) {
        return;
      }
      if (count.read == 0) {
        missing.add("never read a byte: " + at);
      }
      if (count.refused == 0 && !PAYLOAD.contains(at.toString())) {
        missing.add("never refused a byte: " + at);
      }
    });
    for (FuzzTarget target : FuzzTarget.values()) {
      for (Refusal refusal : target.refusals()) {
        if (!of(refusals, target).containsKey(refusal)) {
          missing.add("never seen: " + target + " " + refusal);
        }
      }
      if (!of(results, target).containsKey(Progress.DONE) && target != FuzzTarget.UNTIL_CLOSE) {
        missing.add("never taken: " + target);
      }
    }
    return missing;
  }

  /** A table for people. */
  String report() {
    StringBuilder text = new StringBuilder("state: bytes read, refused\n");
    states.forEach((at, count) -> {
      if (!at.isEnd()) {
        line(text, at.toString(), count.read).append(numbered(count.refused)).append('\n');
      }
    });
    text.append("target and result: inputs\n");
    results.forEach((target, counts) ->
        counts.forEach(
            (progress, count) -> line(text, target + " " + progress, count).append('\n')));
    text.append("target and refusal: inputs\n");
    refusals.forEach((target, counts) ->
        counts.forEach((refusal, count) -> line(text, target + " " + refusal, count).append('\n')));
    return text.toString();
  }

  private static StringBuilder line(StringBuilder text, String name, long count) {
    return text.append("  %-44s".formatted(name)).append(numbered(count));
  }

  private static String numbered(long count) {
    return String.format(Locale.ROOT, " %,14d", count);
  }

  private static <K, V> V of(Map<K, V> map, K key) {
    return Objects.requireNonNull(map.get(key));
  }
}
