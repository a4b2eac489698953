package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Flags that are on or off, of every command: as Go's, so that what ingress-nginx takes is taken.
 */
class SwitchesTest {
  static Stream<Arguments> switches() {
    return Main.commands().stream()
        .map(Command::spec)
        .flatMap(command ->
            command.options().stream()
                .filter(SwitchesTest::isSwitch)
                .map(option -> Arguments.of(command.name(), option.longestName(), option)));
  }

  private static boolean isSwitch(OptionSpec option) {
    boolean isSaid = "true".equals(option.defaultValue()) || "false".equals(option.defaultValue());
    return isSaid || option.initialValue() != null;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("switches")
  void aSwitchIsOnAloneAndElseWhatStandsBehindItsEqualsSign(
      String command, String name, OptionSpec option) {
    assertThat(isOn(option)).isEqualTo(option.initialValue());
    assertThat(isOn(option, name)).isTrue();
    assertThat(isOn(option, name + "=true")).isTrue();
    assertThat(isOn(option, name + "=false")).isFalse();
    assertThatThrownBy(() -> isOn(option, name + "=maybe"))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("'maybe' is not a boolean");
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("switches")
  void whatFollowsASwitchIsAnArgumentOfItsOwn(String command, String name, OptionSpec option) {
    ParseResult parsed = parsed(option, name, "false");
    assertThat(Flags.value(parsed, name, Boolean.class)).isTrue();
    assertThat(parsed.matchedPositionalValue(0, "")).isEqualTo("false");
  }

  private static boolean isOn(OptionSpec option, String... arguments) {
    return Flags.value(parsed(option, arguments), option.longestName(), Boolean.class);
  }

  private static ParseResult parsed(OptionSpec option, String... arguments) {
    PositionalParamSpec directory =
        PositionalParamSpec.builder().index("0").arity("0..1").type(String.class).build();
    CommandSpec command = CommandSpec.create().addOption(option).addPositional(directory);
    return new CommandLine(command).parseArgs(arguments);
  }
}
