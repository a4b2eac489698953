package dev.penstock.testkit;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Installs {@link LeakReports} before any test class is loaded. JUnit finds it by itself. */
public final class LeakReportsAtStart implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    LeakReports.install();
  }
}
