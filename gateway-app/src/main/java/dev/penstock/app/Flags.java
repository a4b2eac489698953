package dev.penstock.app;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/**
 * How flags are declared and read. By picocli's programmatic interface, not by its annotations: no
 * reflection at start, and the type of each flag is checked here alone.
 */
final class Flags {
  static final int PORT_MAX = 65_535;

  private Flags() {}

  static OptionSpec help() {
    return OptionSpec.builder("-h", "--help").usageHelp(true).description("show this help").build();
  }

  static OptionSpec version() {
    return OptionSpec.builder("-V", "--version")
        .versionHelp(true)
        .description("show the version; `penstock version` shows more")
        .build();
  }

  static OptionSpec text(String name, String label, String description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(String.class)
        .description(description)
        .build();
  }

  static OptionSpec text(String name, String label, String initial, String description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(String.class)
        .defaultValue(initial)
        .description(description + " (default: " + initial + ")")
        .build();
  }

  static OptionSpec flag(String name, String description) {
    return flag(name, false, description);
  }

  /**
   * On or off. As Go's flags, which ingress-nginx's are: alone it is on, and a value stands behind
   * '='. What follows is another argument.
   */
  static OptionSpec flag(String name, boolean initial, String description) {
    return OptionSpec.builder(name)
        .paramLabel("BOOLEAN")
        .type(Boolean.class)
        .arity("0..1")
        .preprocessor((arguments, command, flag, found) -> {
          if (!"=".equals(found.get("separator"))) arguments.push("true");
          return false; // picocli reads the value
        })
        .initialValue(initial) // a default would pass the preprocessor
        .description(description + (initial ? " (default: true)" : ""))
        .build();
  }

  static OptionSpec number(String name, String label, int min, int max, String description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(Integer.class)
        .converters(numberFrom(min, max))
        .description(description)
        .build();
  }

  static OptionSpec port(String name, int min, int initial, String description) {
    return OptionSpec.builder(name)
        .paramLabel("PORT")
        .type(Integer.class)
        .converters(numberFrom(min, PORT_MAX))
        .defaultValue(Integer.toString(initial))
        .description(description + " (default: " + initial + ")")
        .build();
  }

  static OptionSpec duration(String name, Duration initial, String description) {
    return OptionSpec.builder(name)
        .paramLabel("TIME")
        .type(Duration.class)
        .converters(
            (ITypeConverter<Duration>)
                text -> {
                  try {
                    return Durations.parse(text);
                  } catch (IllegalArgumentException wrong) {
                    throw new TypeConversionException(wrong.getMessage());
                  }
                })
        .defaultValue(Durations.format(initial))
        .description(description + " (default: " + Durations.format(initial) + ")")
        .build();
  }

  /** One of a few words; the first is the default. */
  static OptionSpec choice(List<String> names, String label, List<String> words, String text) {
    return OptionSpec.builder(names.toArray(String[]::new))
        .paramLabel(label)
        .type(String.class)
        .completionCandidates(words)
        .converters(
            (ITypeConverter<String>)
                word -> {
                  if (words.contains(word)) return word;
                  throw new TypeConversionException(
                      "'" + word + "' is none of " + String.join(", ", words));
                })
        .defaultValue(words.getFirst())
        .description(
            text + ": " + String.join(" or ", words) + " (default: " + words.getFirst() + ")")
        .build();
  }

  /**
   * A text that is checked by reading it, and read again where it is used.
   *
   * @param words offered by completion; the first is the default
   * @param reader throws {@link IllegalArgumentException} with what is wrong
   */
  static OptionSpec checked(
      String name, String label, List<String> words, Consumer<String> reader, String text) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(String.class)
        .completionCandidates(words)
        .converters(
            (ITypeConverter<String>)
                value -> {
                  try {
                    reader.accept(value);
                    return value;
                  } catch (IllegalArgumentException wrong) {
                    throw new TypeConversionException(wrong.getMessage());
                  }
                })
        .defaultValue(words.getFirst())
        .description(text + " (default: " + words.getFirst() + ")")
        .build();
  }

  static OptionSpec config(boolean required) {
    return OptionSpec.builder("--config")
        .paramLabel("DIR|FILE")
        .type(String.class)
        .required(required)
        .converters(notEmpty())
        .description("directory of manifests (*.yaml, *.yml, *.json, with sub-directories), or one")
        .build();
  }

  static OptionSpec ingressClass() {
    return text("--ingress-class", "NAME", "serve only Ingresses of this class (default: all)");
  }

  static OptionSpec output() {
    return choice(List.of("-o", "--output"), "FORMAT", List.of("table", "json"), "how to print");
  }

  /** The value of a flag that has a default or is required. */
  static <T> T value(ParseResult parsed, String name, Class<T> type) {
    T value = valueOrNull(parsed, name, type);
    if (value == null) throw new IllegalArgumentException("no value for " + name);
    return value;
  }

  /** The value of a flag; null when it has no default and was not given. */
  static <T> @Nullable T valueOrNull(ParseResult parsed, String name, Class<T> type) {
    OptionSpec option = parsed.commandSpec().findOption(name);
    if (option == null) throw new IllegalArgumentException("no flag " + name);
    return type.cast(option.getValue());
  }

  /** An empty path would be the working directory: most often a variable of a script is not set. */
  static ITypeConverter<String> notEmpty() {
    return text -> {
      if (!text.isBlank()) return text;
      throw new TypeConversionException("'" + text + "' is empty: name a directory or a file");
    };
  }

  private static ITypeConverter<Integer> numberFrom(int min, int max) {
    return text -> {
      try {
        int number = Integer.parseInt(text);
        if (number >= min && number <= max) return number;
      } catch (NumberFormatException noNumber) {
        // said below, as for a number out of range
      }
      throw new TypeConversionException(
          "'" + text + "' is not a number from " + min + " to " + max);
    };
  }
}
