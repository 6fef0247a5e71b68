import AWSWire

/// The errors of the Parameter Store, each with its code and message in one place; all have status 400.
///
/// Source: the API's model for codes; messages are those that AWS answers, unless marked `Assumed:`.
enum SSMError {
    static func validation(_ message: String) -> AWSError { AWSError("ValidationException", message) }

    /// AWS says no more than this.
    static let notFound = AWSError("ParameterNotFound", "")
    static let exists = AWSError(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
    static let noType = validation("A parameter type is required when you create a parameter.")
    static let tagsAndOverwrite = validation(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove "
            + "overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or "
            + "RemoveTagsFromResource.")
    static let notQualified = validation("Parameter name must be a fully qualified name.")
    static let path = validation(
        "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist of "
            + "sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the "
            + "following 3 symbols .-_")
    static let prefix = validation("Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).")
    static let hierarchy = validation(
        "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "
            + "\"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). It must use only letters, numbers, "
            + "or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All "
            + "sub-paths, if specified, must use the forward slash symbol \"/\". Valid example: "
            + "/get/parameters2-/by1./path0_.")
    static let nested = validation(
        "Parameter value can't nest another parameter. Do not use \"{{}}\" in the value.")
    static let empty = validation(
        "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater "
            + "than or equal to 1.")
    /// Assumed: the text.
    static let tooDeep = AWSError(
        "HierarchyLevelLimitExceededException", "A hierarchy can have a maximum of \(Limits.levels) levels.")
    /// Assumed: the text.
    static let typeChange = AWSError(
        "HierarchyTypeMismatchException",
        "Parameter Store doesn't support changing a parameter type. You must create a new, unique parameter.")
    static let downgrade = validation(
        "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter "
            + "tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it "
            + "as a standard parameter.")
    static let tooLargeForStandard = validation(
        "Standard tier parameters support a maximum parameter value of \(Limits.standardValue) characters. To create a "
            + "larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, "
            + "see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"
    )
    /// Assumed: the text.
    static let tooLarge = validation(
        "Advanced tier parameters support a maximum parameter value of \(Limits.advancedValue) characters.")
    static let decryptionFlag = validation(
        "WithDecryption flag must be True for retrieving a Secret Manager secret.")
    static let nextToken = AWSError("InvalidNextToken", "The specified token isn't valid.")
    static let resourceId = AWSError("InvalidResourceId", "")
    static let tooManyTags = AWSError("TooManyTagsError", "")
    /// Assumed: the text.
    static let tooMany = AWSError(
        "ParameterLimitExceeded",
        "You have exceeded the number of standard parameters for this account and Region; create it as an advanced one."
    )
    static let tooManyLabels = AWSError(
        "ParameterVersionLabelLimitExceeded",
        "A parameter version can have maximum \(Limits.labels) labels.Move one or more labels to another version and "
            + "try again.")
    /// Assumed: the text.
    static let key = AWSError("InvalidKeyId", "The key of the parameter is not in the data folder.")

    static func reserved(_ name: String) -> AWSError {
        AWSError("AccessDeniedException", "No access to reserved parameter name: \(name).")
    }

    static func noVersion(_ version: Int, _ name: String) -> AWSError {
        AWSError(
            "ParameterVersionNotFound",
            "Systems Manager could not find version \(version) of \(name). Verify the version and try again.")
    }

    static func noLabel(_ label: String, _ name: String) -> AWSError {
        AWSError(
            "ParameterVersionNotFound",
            "Systems Manager could not find label \(label) for parameter \(name). Verify the label and try again.")
    }

    static func noSecret(_ name: String) -> AWSError {
        AWSError(
            "ParameterNotFound",
            "An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret \(name) not found.")
    }

    static func mismatch(_ pattern: String) -> AWSError {
        AWSError(
            "ParameterPatternMismatchException",
            "Parameter value, cannot be validated against allowedPattern: \(pattern)")
    }

    static func pattern(_ pattern: String) -> AWSError {
        AWSError("InvalidAllowedPatternException", "The allowedPattern \(pattern) is not a valid regular expression.")
    }

    static func dataType(_ type: String) -> AWSError {
        validation("The following data type is not supported: \(type) (Data type names are all lowercase.)")
    }

    static func labelledOldest(_ version: Int, _ name: String) -> AWSError {
        AWSError(
            "ParameterMaxVersionLimitExceeded",
            "You attempted to create a new version of \(name) by calling the PutParameter API with the overwrite flag. "
                + "Version \(version), the oldest version, can't be deleted because it has a label associated with it. "
                + "Move the label to another version of the parameter, and try again.")
    }

    static func filterKey(_ key: String, valid: String) -> AWSError {
        AWSError(
            "InvalidFilterKey", "The following filter key is not valid: \(key). Valid filter keys include: [\(valid)].")
    }

    static func filterOption(_ option: String, valid: String) -> AWSError {
        AWSError(
            "InvalidFilterOption",
            "The following filter option is not valid: \(option). Valid options include: [\(valid)].")
    }

    static func filterValue(_ message: String) -> AWSError { AWSError("InvalidFilterValue", message) }
}
