package dev.penstock.configmap;

import java.util.function.BiConsumer;

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
      return value.isEmpty()
          || !anyway.isEmpty() && syntax.parse(value).equals(syntax.parse(anyway));
    }
  }

  /** Has no meaning outside of nginx: accepted and ignored. */
  record Meaningless(String name, String manual) implements Key {}

  /** Raw configuration of nginx: never executed, never parsed. */
  record Raw(String name) implements Key {
    @Override
    public String manual() {
      return "is raw configuration of nginx, which is never executed";
    }
  }
}
