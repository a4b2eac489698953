package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CliTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                              | penstock: a command is missing; see 'penstock --help'",
        "route                         | penstock: unknown command 'route' (did you mean routes?); see 'penstock --help'",
        "help me                       | penstock: unknown command 'me'; see 'penstock --help'",
        "version --colour              | penstock version: Unknown option: '--colour'; see 'penstock version --help'",
        "version -o yaml               | penstock version: Invalid value for option '--output': 'yaml' is none of table, json; see 'penstock version --help'",
        "webhook --tls-key k           | penstock: the webhook needs a certificate: either of --tls-cert and --tls-key, or of --certificate-secret, --service, --webhook-configuration",
        "demo-backend --port 65536     | penstock demo-backend: Invalid value for option '--port': '65536' is not a number from 0 to 65535; see 'penstock demo-backend --help'",
      })
  void aWrongCommandLineIsOneLineAndExitCodeTwo(String arguments, String line) {
    Ran ran = Ran.penstock(arguments == null ? new String[0] : arguments.split(" "));
    assertThat(ran.err()).isEqualTo(line + "\n");
    assertThat(ran.out()).isEmpty();
    assertThat(ran.exitCode()).isEqualTo(2);
  }

  @Test
  void helpListsEveryCommandButTheHiddenOne() {
    Ran ran = Ran.penstock("help");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out())
        .contains("run", "ingress", "webhook", "check", "routes", "version", "completion", "help")
        .doesNotContain("demo-backend");
  }

  @Test
  void helpExplainsACommandAsItsFlagDoes() {
    Ran ran = Ran.penstock("help", "check");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).isEqualTo(Ran.penstock("check", "--help").out()).contains("DIR");
  }

  @Test
  void versionIsFilledInByTheBuild() {
    Ran ran = Ran.penstock("version");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).matches("(?s)penstock \\d+\\.\\d+\\.\\d+\\S*\njava 2\\d.*\nnetty 4\\..*");
  }

  @Test
  void theVersionFlagIsOneLine() {
    Ran ran = Ran.penstock("--version");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).matches("penstock \\d+\\.\\d+\\.\\d+\\S*\n");
  }

  @Test
  void everyExitCodeStandsInTheHelp() throws IllegalAccessException {
    String help = Ran.penstock("help").out();
    for (Field code : ExitCode.class.getDeclaredFields()) {
      if (code.getType() == int.class) assertThat(help).contains(code.get(null) + " ");
    }
  }

  @Test
  void versionSpeaksJson() {
    assertThat(Ran.penstock("version", "-o", "json").out())
        .matches("(?s)\\{\\s*\"version\": \"\\d.*\"boringssl\": \"[^\"]+\"\\s*}\n");
  }

  @Test
  void completionKnowsTheCommandsAndTheirFlags() {
    assertThat(Ran.penstock("completion").out())
        .startsWith("#!")
        .contains(
            "--http-port",
            "--drain-timeout",
            "--tls-cert",
            "--conflicts",
            "complete -F _complete_penstock");
  }

  @ParameterizedTest
  @CsvSource({"'', xterm, true", "1, xterm, false", "'', dumb, false"})
  void colourNeedsATerminalThatWantsIt(String noColor, String term, boolean colour) {
    Map<String, String> environment = Map.of("NO_COLOR", noColor, "TERM", term);
    assertThat(Terminal.colour(environment, true)).isEqualTo(colour);
    assertThat(Terminal.colour(environment, false)).isFalse();
  }
}
