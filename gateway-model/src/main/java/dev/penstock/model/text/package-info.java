/**
 * How text that others wrote is shown in our messages: on one line, bounded, and with the word they
 * may have meant. Every diagnostic quotes through here. And how some of it is read.
 */
@NullMarked
package dev.penstock.model.text;

import org.jspecify.annotations.NullMarked;
