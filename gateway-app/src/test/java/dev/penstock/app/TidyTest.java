package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Tidy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TidyTest {
  @Test
  void everySourceFileOfTheProjectIsTidy() {
    Path root = Path.of("..").toAbsolutePath().normalize();
    assertThat(root).isDirectoryContaining("glob:**/gateway-model");
    assertThat(Tidy.findings(root)).isEmpty();
  }
}
