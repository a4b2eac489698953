package dev.penstock.core.http1;

import dev.penstock.model.Network;
import dev.penstock.model.Settings;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@link Settings.FrontProxies} as the request path wants them. Immutable, part of a snapshot, so
 * that a change is in force with the next request of every connection.
 */
public final class ForwardedRules {
  private final Network[] trusted;
  private final Named addressField;
  private final Named hostField;
  private final boolean believesAll;
  private final boolean fullChain;

  private ForwardedRules(Settings.FrontProxies proxies) {
    this.trusted = proxies.trusted().toArray(Network[]::new);
    this.addressField = new Named(proxies.addressField());
    this.hostField = new Named(proxies.hostField());
    this.believesAll = proxies.belief() == Settings.FrontProxies.Belief.ALL;
    this.fullChain = believesAll && proxies.fullChain();
  }

  /** Null when nobody is believed. */
  public static @Nullable ForwardedRules of(Settings.FrontProxies proxies) {
    return proxies.belief() == Settings.FrontProxies.Belief.NOTHING
        ? null
        : new ForwardedRules(proxies);
  }

  boolean trusts(IpAddress address) {
    for (Network network : trusted) {
      if (network.contains(address.high(), address.low())) {
        return true;
      }
    }
    return false;
  }

  /** The field of clients' addresses. */
  Named addressField() {
    return addressField;
  }

  /** The field of the host that was asked for. */
  Named hostField() {
    return hostField;
  }

  /** Whether host, scheme and port are believed, too. */
  boolean believesAll() {
    return believesAll;
  }

  /** Whether X-Forwarded-For is to hold all addresses. */
  boolean fullChain() {
    return fullChain;
  }

  /** The name of a field that the operator chose. One with {@code _} matches no field. */
  static final class Named {
    private final byte[] lowerCase;
    private final FieldName name;

    private Named(String text) {
      this.lowerCase = Ascii.bytes(text.toLowerCase(Locale.ROOT));
      this.name = FieldName.of(lowerCase, 0, lowerCase.length);
    }

    /** Whether field {@code i} has this name. */
    boolean is(Fields fields, int i) {
      return fields.name(i) == name
          && (!name.isPattern()
              || Ascii.equalsIgnoreCase(
                  fields.bytes(), fields.nameStart(i), fields.nameEnd(i), lowerCase));
    }
  }
}
