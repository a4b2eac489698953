package dev.penstock.configmap;

import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One key of the controller's ConfigMap, and what Penstock does with it: parser, validator and
 * manual in one row.
 *
 * <p>Source of keys, types and defaults: ingress-nginx 1.15, {@code configmap.md} and {@code
 * internal/ingress/controller/config}.
 */
sealed interface Key {
  String name();

  /** For the manual and for messages: what the key does, without a full stop. */
  String manual();

  /** A key with values that mean something. */
  sealed interface Valued extends Key {
    Syntax<?> syntax();

    /** ingress-nginx's default, as text; empty = none. Penstock's own may be another one. */
    String initial();

    /**
     * Whether a text asks for nothing.
     *
     * @param without the value that says what Penstock does without the feature; empty = none
     */
    default boolean isNothing(String value, String without) {
      return value.isEmpty()
          || !without.isEmpty() && syntax().parse(value).equals(syntax().parse(without));
    }
  }

  /**
   * In force.
   *
   * @param effect writes the value into the settings
   * @param unread the text that a value counts as which cannot be read, when no good one was there
   *     before; empty = as if the key were absent
   */
  record Acting<T>(
      String name,
      Syntax<T> syntax,
      String initial,
      BiConsumer<Draft, T> effect,
      String unread,
      String manual)
      implements Valued {
    /** Where such a value leaves Penstock's default in force. */
    Acting(
        String name, Syntax<T> syntax, String initial, BiConsumer<Draft, T> effect, String manual) {
      this(name, syntax, initial, effect, "", manual);
    }
  }

  /**
   * Known and validated, but its feature is not built yet: accepted, not in force.
   *
   * @param anyway the value that says what Penstock does without the feature; empty = none
   */
  record Waiting(String name, Syntax<?> syntax, String initial, String anyway, String manual)
      implements Valued {
    /** Where that is ingress-nginx's default. */
    Waiting(String name, Syntax<?> syntax, String initial, String manual) {
      this(name, syntax, initial, initial, manual);
    }

    boolean asksForNothing(String value) {
      return isNothing(value, anyway);
    }
  }

  /**
   * Limits who may ask, but is not built yet: where it is asked for, readable or not, every route
   * answers 503.
   */
  record Closing(String name, Syntax<?> syntax, String initial, String manual) implements Valued {
    boolean asksForNothing(String value) {
      return isNothing(value, initial);
    }
  }

  /** Has no meaning outside of nginx: accepted and ignored. */
  record Meaningless(String name, String manual) implements Key {}

  /** Raw configuration of nginx: never executed, and searched for nothing but protections. */
  record Raw(String name) implements Key {
    /** Words of nginx and its modules that limit who may ask, or what. */
    private static final Pattern PROTECTION =
        Pattern.compile(
            "\\b(allow|deny|satisfy|internal|return\\s+[45]\\d\\d|access_by_lua\\w*|auth_\\w+|limit_\\w+"
                + "|modsecurity\\w*|secure_link\\w*|ssl_verify_\\w+|valid_referers)\\b");

    /** What would be in force for every host: the others are of streams and of modules. */
    private static final Set<String> OF_EVERY_HOST =
        Set.of("http-snippet", "server-snippet", "location-snippet");

    /** The first word in it that may be a protection; empty = none. */
    String protection(String value) {
      Matcher matcher = PROTECTION.matcher(value);
      return OF_EVERY_HOST.contains(name) && matcher.find() ? matcher.group() : "";
    }

    @Override
    public String manual() {
      return "is raw configuration of nginx, which is never executed";
    }
  }
}
