package dev.penstock.configmap;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import dev.penstock.testkit.GoldenCases;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * ConfigMaps in, settings and diagnostics out. Each directory below {@code src/test/golden} is a
 * case: the lines of {@code input.txt} are keys and values; {@code previous.txt} was loaded before.
 * {@code settings.txt} holds what is not as it is without a ConfigMap.
 */
class ConfigMapGoldenTest {
  private static final GoldenCases CASES =
      new GoldenCases(Path.of("src/test/golden"), Set.of("previous.txt"));

  @TestFactory
  Stream<DynamicTest> everyCaseIsLoadedAsWritten() {
    return CASES.cases().stream()
        .map(directory -> DynamicTest.dynamicTest(CASES.nameOf(directory), () -> load(directory)));
  }

  @Test
  void everyGoldenFileBelongsToACase() {
    CASES.requireNoStrayFile();
  }

  private static void load(Path directory) throws IOException {
    Map<String, String> inForce = Map.of();
    Path previous = directory.resolve("previous.txt");
    if (Files.exists(previous)) {
      WrittenConfigMap before = read("previous.txt", Files.readString(previous));
      inForce = ConfigMapLoader.load(before, inForce).value().settings().configMap();
    }
    byte[] input = CASES.inputs(directory).values().iterator().next();
    Translation<Loaded> loaded =
        ConfigMapLoader.load(read("input.txt", new String(input, StandardCharsets.UTF_8)), inForce);

    Map<String, String> changed = new TreeMap<>();
    differences("", loaded.value(), Loaded.DEFAULT, changed);
    CASES.compare(
        directory,
        Map.of(
            "settings.txt",
            changed.entrySet().stream()
                .map(change -> change.getKey() + " = " + change.getValue() + "\n")
                .collect(Collectors.joining()),
            "diagnostics.txt",
            loaded.diagnostics().stream()
                .map(Diagnostic::toString)
                .map(line -> line + "\n")
                .collect(Collectors.joining())));
  }

  private static WrittenConfigMap read(String file, String text) {
    Source object = new Source("ConfigMap", "penstock", "penstock", file, 1, 1);
    Map<String, String> data = new HashMap<>();
    Map<String, Source> places = new HashMap<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      int colon = lines.get(i).indexOf(':');
      String key = lines.get(i).substring(0, colon);
      data.put(key, lines.get(i).substring(colon + 1));
      places.put(key, object.at(i + 1, 1));
    }
    return new WrittenConfigMap(object, data, places);
  }

  private static void differences(
      String prefix, Record record, Record usual, Map<String, String> into) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      String name = prefix + component.getName();
      Object value = value(component, record);
      Object before = value(component, usual);
      if (value instanceof Record part && before instanceof Record usualPart) {
        differences(name + ".", part, usualPart, into);
      } else if (!value.equals(before)) {
        into.put(name, value instanceof Map<?, ?> map ? new TreeMap<>(map).toString() : "" + value);
      }
    }
  }

  private static Object value(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException notOurs) {
      throw new IllegalStateException(notOurs);
    }
  }
}
