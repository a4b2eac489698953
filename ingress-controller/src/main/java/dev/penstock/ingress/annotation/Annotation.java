package dev.penstock.ingress.annotation;

import dev.penstock.configmap.RouteDefaults;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * One row of the table: a key under the prefix, and what Penstock does with it.
 *
 * <p>Source of keys and risks: ingress-nginx 1.15, {@code internal/ingress/annotations}.
 */
public sealed interface Annotation {
  /** For {@link Pending#off}: any value asks for the feature. */
  Set<String> NEVER = Set.of();

  /** As Go's {@code strconv.ParseBool}. */
  Set<String> FALSE = Set.of("false", "f", "0");

  /** For switches that are on by default. */
  Set<String> TRUE = Set.of("true", "t", "1");

  Set<String> ZERO = Set.of("0");
  Set<String> OFF = Set.of("off");

  /** Without the prefix, such as {@code ssl-redirect}. */
  String key();

  Risk risk();

  /** For the manual and for messages: what the key asks for, one sentence without a full stop. */
  String manual();

  /**
   * In force.
   *
   * @param unset the value when the key is absent, empty or bad
   * @param value which texts are accepted and what they mean
   */
  record Setting<T>(
      String key, Risk risk, Function<RouteDefaults, T> unset, Value<T> value, String manual)
      implements Annotation {}

  /**
   * Known, but its feature is not built yet.
   *
   * @param off the values that ask for nothing, so that nothing has to be said; any case; anything
   *     that is not plainly off is on
   * @param meanwhile what becomes of the Ingress until then
   */
  record Pending(String key, Risk risk, Set<String> off, Meanwhile meanwhile, String manual)
      implements Annotation {
    public Pending {
      off = Set.copyOf(off);
    }

    /** Whether a value, which is not empty, asks for the feature. */
    public boolean isOn(String value) {
      return !off.contains(value.toLowerCase(Locale.ROOT));
    }
  }

  /**
   * Says only how another key does its work: inert alone, as in ingress-nginx.
   *
   * @param owners the keys it belongs to; when one of them is set, that one's message covers it
   */
  record Detail(String key, Risk risk, List<String> owners, String manual) implements Annotation {
    public Detail {
      owners = List.copyOf(owners);
    }
  }

  /**
   * Raw configuration of nginx or ModSecurity. Never executed, never parsed; since it may have held
   * a protection, the routes of its Ingress answer 503.
   */
  record Raw(String key, String manual) implements Annotation {
    @Override
    public Risk risk() {
      return Risk.CRITICAL;
    }
  }

  /** What becomes of an Ingress that asks for something that is not built yet. */
  enum Meanwhile {
    /**
     * Its routes answer 503: without the feature they would be open to those whom it keeps out, or
     * would lead elsewhere than their author means.
     */
    DENY,
    /** The whole Ingress is left out: served as it stands it would compete with another. */
    SET_ASIDE,
    /** Served without it, with a warning: nobody is let in and nothing is led astray. */
    WARN,
    /** Has no meaning outside of nginx: said once, at the lowest level. */
    NOTE
  }
}
