/**
 * The distribution under load, scenario by scenario: what has to hold is judged, what takes time is
 * measured and compared with its targets.
 */
@NullMarked
package dev.penstock.scenarios;

import org.jspecify.annotations.NullMarked;
