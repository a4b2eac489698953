package dev.penstock.core.listener;

import dev.penstock.model.Listener;
import java.nio.charset.StandardCharsets;

/** What all connections of one listener share, ready to be written. */
final class ListenerScope {
  final Listener listener;
  final int publicHttpsPort;
  final byte[] scheme;
  final byte[] publicPort;
  final ListenerMeters meters;

  ListenerScope(Listener listener, int publicHttpsPort, int loops) {
    this.listener = listener;
    this.publicHttpsPort = publicHttpsPort;
    this.meters = new ListenerMeters(listener.name(), loops);
    this.scheme = listener.scheme().getBytes(StandardCharsets.US_ASCII);
    this.publicPort = Integer.toString(listener.publicPort()).getBytes(StandardCharsets.US_ASCII);
  }
}
