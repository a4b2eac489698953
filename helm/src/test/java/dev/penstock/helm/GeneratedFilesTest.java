package dev.penstock.helm;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made of {@code values.yaml}, and of the manual. */
class GeneratedFilesTest {
  private static final List<Value> VALUES =
      Value.of(Chart.read(Chart.DIRECTORY.resolve("values.yaml")));

  @Test
  void theSchemaIsThatOfTheValues() {
    Golden.check(
        Chart.DIRECTORY.resolve("values.schema.json"),
        ValuesSchema.of(VALUES, NginxKeys.withoutEffect()));
  }

  @Test
  void theNotesKnowTheKeysOfTheConfigMap() {
    Golden.check(Chart.DIRECTORY.resolve("files/config.yaml"), ConfigKeys.file());
  }

  @Test
  void theTemplatesKnowTheDefaults() {
    Golden.check(Chart.DIRECTORY.resolve("files/defaults.json"), Defaults.of(VALUES));
  }

  @Test
  void theReadmeHasEveryValue() {
    Golden.check(Chart.DIRECTORY.resolve("README.md"), Readme.of(VALUES));
  }
}
