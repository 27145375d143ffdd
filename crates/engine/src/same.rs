//! `same(a, b)`: says what `=` says, but the planner cannot see through it.
//!
//! Told by `=` that a computed column is constant, this version of DataFusion loses track of how rows are sorted and
//! refuses its own plan.

use std::sync::Arc;

use datafusion::arrow::compute::kernels::cmp::eq;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// Its name in plans.
pub(crate) const NAME: &str = "same";

/// Whether two values of one type are equal; missing if either is.
pub(crate) fn same(left: Expr, right: Expr) -> Expr {
    ScalarUDF::new_from_impl(Same {
        signature: Signature::any(2, Volatility::Immutable),
    })
    .call(vec![left, right])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Same {
    signature: Signature,
}

impl ScalarUDFImpl for Same {
    fn name(&self) -> &str {
        NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [left, right] = args.args.as_slice() else {
            return Err(DataFusionError::Internal("same takes two values".into()));
        };
        let left = left.to_array(args.number_rows)?;
        let right = right.to_array(args.number_rows)?;
        Ok(ColumnarValue::Array(Arc::new(eq(&left, &right)?)))
    }
}
