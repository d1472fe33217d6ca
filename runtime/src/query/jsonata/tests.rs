//! Expressions and templates against answers known from JSONata 2.0.6 and AWS.
